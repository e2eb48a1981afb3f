"""Fermer la session dans un onglet la ferme à l’écran dans tous, sans perdre un mot."""

import pytest
from playwright.sync_api import expect

from dui.socle.models import Brouillon
from tests.navigateur.gestes import ouvrir_session
from tests.socle.factories import MOT_DE_PASSE

TEXTE = "Phrase commencée dans l’autre onglet."


@pytest.fixture
def deux_onglets(quartier, soignante, ouvrir):
    """Un onglet sur la liste, un autre où l’on vient d’écrire."""
    contexte = ouvrir.contexte(soignante)
    liste, saisie = contexte.new_page(), contexte.new_page()
    liste.goto("/residents/")
    saisie.goto(f"/dossiers/{quartier.dossier.pk}/transmissions/nouvelle/")
    return liste, saisie


def titre(page, nom):
    return page.get_by_role("heading", name=nom)


def test_verrouiller_un_onglet_verrouille_les_autres_et_garde_leur_texte(deux_onglets):
    liste, saisie = deux_onglets
    saisie.get_by_label("Données").fill(TEXTE)
    liste.get_by_role("button", name="Verrouiller").first.click()
    expect(titre(liste, "Poste verrouillé")).to_be_visible()
    expect(titre(saisie, "Poste verrouillé")).to_be_visible()
    assert Brouillon.objects.get().saisies["donnees"] == [TEXTE]
    saisie.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    saisie.get_by_role("button", name="Reprendre mon poste").click()
    expect(saisie.get_by_label("Données")).to_have_value(TEXTE)


def test_se_deconnecter_d_un_onglet_renvoie_les_autres_a_la_connexion(deux_onglets, quartier):
    liste, saisie = deux_onglets
    saisie.get_by_label("Données").fill(TEXTE)
    liste.locator(".barre__compte summary").click()
    liste.get_by_role("button", name="Se déconnecter").click()
    expect(titre(saisie, "Qui prend le poste")).to_be_visible()
    expect(saisie.get_by_text(quartier.dossier.usager.nom_naissance)).to_have_count(0)
    assert Brouillon.objects.get().saisies["donnees"] == [TEXTE]


def test_un_onglet_retrouve_ne_montre_pas_la_page_d_un_autre(deux_onglets, quartier, live_server):
    """Gelé, il n’a rien entendu : il demande en redevenant visible."""
    liste, _ = deux_onglets
    ouvrir_session(liste.context, quartier.collegue, live_server.url)
    liste.evaluate("document.body.dataset.temoin = 'ancienne'")
    liste.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(liste.locator("body[data-temoin]")).to_have_count(0)
    expect(liste.locator(".barre__nom")).to_contain_text(quartier.collegue.nom_court)
