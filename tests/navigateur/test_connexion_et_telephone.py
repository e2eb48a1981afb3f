"""Une clé refusée dit pourquoi ; sur un téléphone, ce qui ferme une session est à l’écran."""

import pytest
from playwright.sync_api import expect

from habilitations.models import SessionOuverte
from tests.navigateur.test_poste_partage import brancher_une_cle
from tests.socle.factories import MOT_DE_PASSE


def ajouter_une_cle(page, nom):
    page.goto("/moi/connexion/cles/ajouter/")
    if page.get_by_label("Votre mot de passe").count():
        page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
        page.keyboard.press("Enter")
    page.get_by_label("Nom de cette clé").fill(nom)
    page.get_by_role("button", name="Enregistrer la clé").click()


def test_une_cle_deja_enregistree_se_dit(soignante, ouvrir):
    page = ouvrir(soignante)
    brancher_une_cle(page)
    ajouter_une_cle(page, "Badge")
    expect(page.get_by_text("Clé ajoutée")).to_be_visible()
    ajouter_une_cle(page, "Le même badge")
    expect(page.get_by_text("déjà enregistrée")).to_be_visible()


def test_a_une_adresse_numerique_la_page_dit_ou_les_cles_servent(ouvrir, live_server):
    page = ouvrir()
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/connexion/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("à l’adresse « localhost »")).to_be_visible()
    ouvrir.pannes_voulues()  # another origin than that of the other tests


@pytest.fixture
def telephone(soignante, ouvrir):
    return ouvrir(soignante, largeur=390)


def test_sur_un_telephone_on_verrouille_depuis_la_barre(telephone):
    telephone.goto("/residents/")
    bouton = telephone.locator(".barre").get_by_role("button", name="Verrouiller")
    boite = bouton.bounding_box()
    assert boite["width"] >= 44 and boite["height"] >= 44
    assert telephone.evaluate("document.documentElement.scrollWidth") <= 390
    bouton.click()
    expect(telephone.get_by_role("heading", name="Poste verrouillé")).to_be_visible()


def test_sur_un_telephone_fermer_une_session_est_a_l_ecran(telephone, soignante):
    SessionOuverte.objects.create(
        compte=soignante, empreinte="x" * 64, ouverte_le="2026-01-01T08:00Z", methode="code",
        derniere_activite="2099-01-01T08:00Z", navigateur="Firefox sur Windows",
    )  # fmt: skip
    telephone.goto("/moi/connexion/")
    boite = telephone.get_by_role("button", name="Fermer cette session").bounding_box()
    assert boite["x"] >= 0 and boite["x"] + boite["width"] <= 390
