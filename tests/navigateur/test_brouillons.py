"""Nothing typed is lost, and nothing is said to be saved before it is (AC-11, AC-12)."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from accompagnement.models import Transmission
from dui.socle.models import Brouillon
from tests.navigateur.gestes import se_connecter
from tests.socle.factories import MOT_DE_PASSE

TEXTE = "A peu dormi, dit avoir eu mal au genou gauche."
PERTE_PERMISE = 5  # seconds of typing
AUTOSAVE = "**/brouillons/enregistrer/**"


def nouvelle(dossier):
    return reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])


def etat(page):
    return page.locator("[data-etat-brouillon]")


def ecrire(page, dossier, texte=TEXTE):
    page.goto(nouvelle(dossier))
    page.get_by_label("Données").fill(texte)


def garde(dossier):
    return [b.saisies["donnees"][-1] for b in Brouillon.objects.filter(dossier=dossier)]


def attendre(condition, delai=8):
    """What the server does after the page is gone cannot be waited for in the page."""
    limite = time.monotonic() + delai
    while not (obtenu := condition()) and time.monotonic() < limite:
        time.sleep(0.05)
    return obtenu


def test_le_brouillon_dit_enregistre_a_l_heure_et_se_reprend(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text(re.compile(r"Enregistré à \d\d:\d\d"))
    page.goto("/brouillons/")
    page.get_by_role("link", name="Reprendre").first.click()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)


def test_fermer_l_onglet_en_pleine_frappe_garde_le_texte(quartier, soignante, ouvrir):
    contexte = ouvrir.contexte(soignante)
    page = contexte.new_page()
    ecrire(page, quartier.dossier)
    page.close()
    assert attendre(lambda: garde(quartier.dossier)) == [TEXTE]


def test_un_navigateur_tue_perd_au_plus_cinq_secondes_de_frappe(quartier, soignante, ouvrir):
    contexte = ouvrir.contexte(soignante)
    page = contexte.new_page()
    page.goto(nouvelle(quartier.dossier))
    page.get_by_label("Données").focus()
    frappe = []
    debut = time.monotonic()
    while time.monotonic() - debut < PERTE_PERMISE + 2:  # without ever stopping
        page.keyboard.type("mot ", delay=60)
        frappe.append(time.monotonic() - debut)
    contexte.close()
    fin = frappe[-1]
    a_temps = sum(instant <= fin - PERTE_PERMISE for instant in frappe)
    [texte] = garde(quartier.dossier)
    assert texte.count("mot") >= a_temps > 0


def test_apres_reconnexion_le_brouillon_est_offert_a_son_auteur_seul(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text("Enregistré à")

    collegue = ouvrir(quartier.professionnel("AS", prenom="Nadia", portee="unite"))
    for adresse in ("/", "/brouillons/", nouvelle(quartier.dossier)):
        collegue.goto(adresse)
        expect(collegue.get_by_text(TEXTE)).to_have_count(0)
        expect(collegue.get_by_text("Vous aviez commencé")).to_have_count(0)

    page.get_by_role("button", name="Verrouiller").first.click()
    page.get_by_role("button", name="Une autre personne prend le poste").click()
    se_connecter(page, soignante)
    page.goto(nouvelle(quartier.dossier))
    expect(page.get_by_text("Vous aviez commencé à écrire")).to_be_visible()
    page.get_by_role("link", name="Reprendre le brouillon").click()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)


def test_un_serveur_injoignable_puis_revenu_recoit_le_texte(quartier, soignante, ouvrir):
    contexte = ouvrir.contexte(soignante)
    page = contexte.new_page()
    page.goto(nouvelle(quartier.dossier))
    contexte.set_offline(True)
    page.get_by_label("Données").fill(TEXTE)
    expect(etat(page)).to_contain_text("Non enregistré : réseau coupé")
    expect(page.get_by_label("Données")).to_have_value(TEXTE)
    contexte.set_offline(False)
    expect(etat(page)).to_contain_text("Enregistré à")
    assert garde(quartier.dossier) == [TEXTE]


@pytest.mark.parametrize("panne", ["coupure", "erreur 500", "réponse illisible"])
def test_un_echec_se_voit_et_garde_le_texte(quartier, soignante, ouvrir, panne):
    reponses = {
        "coupure": lambda r: r.abort(),
        "erreur 500": lambda r: r.fulfill(status=500, body="panne"),
        "réponse illisible": lambda r: r.fulfill(status=200, body="<html>portail du Wi-Fi</html>"),
    }
    page = ouvrir(soignante)
    page.route(AUTOSAVE, reponses[panne])
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text("Non enregistré")
    expect(etat(page)).to_have_class(re.compile("rouge"))
    expect(etat(page)).not_to_contain_text("Enregistré à")
    expect(page.get_by_label("Données")).to_have_value(TEXTE)
    ouvrir.pannes_voulues()


def test_une_reponse_lente_ne_dit_rien_avant_d_etre_arrivee(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    attentes = []
    page.route(AUTOSAVE, lambda r: attentes.append(r))  # held until the test lets it go
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text("Enregistrement…")
    assert not garde(quartier.dossier)
    page.wait_for_timeout(500)
    expect(etat(page)).not_to_contain_text("Enregistré à")
    attentes[0].continue_()
    expect(etat(page)).to_contain_text("Enregistré à")


def test_une_session_fermee_pendant_la_frappe_se_dit_et_ne_perd_rien(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto(nouvelle(quartier.dossier))
    Session.objects.all().delete()
    page.get_by_text("Alimentation", exact=True).click()
    page.get_by_label("Données").fill(TEXTE)
    expect(etat(page)).to_contain_text("la session est fermée")
    page.get_by_role("button", name="Enregistrer pour").click()
    se_connecter(page, soignante)
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    assert Transmission.objects.get().donnees == TEXTE


def test_un_envoi_qui_echoue_laisse_le_brouillon(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text("Enregistré à")
    panne = {"status": 502, "body": "Passerelle en panne", "content_type": "text/plain"}
    page.route(f"**{nouvelle(quartier.dossier)}*", lambda r: r.fulfill(**panne))
    page.get_by_text("Alimentation", exact=True).click()
    page.get_by_role("button", name="Enregistrer pour").click()
    expect(page.get_by_text("Passerelle en panne")).to_be_visible()
    page.unroute_all()
    ouvrir.pannes_voulues()
    page.goto(nouvelle(quartier.dossier))
    page.get_by_role("link", name="Reprendre le brouillon").click()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)
    assert not Transmission.objects.exists()


def test_une_fois_enregistree_la_transmission_n_a_plus_de_brouillon(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text("Enregistré à")
    page.get_by_text("Alimentation", exact=True).click()
    page.get_by_role("button", name="Enregistrer pour").click()
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    page.goto(nouvelle(quartier.dossier))
    expect(page.get_by_text("Vous aviez commencé")).to_have_count(0)
    page.goto("/brouillons/")
    expect(page.get_by_text(TEXTE)).to_have_count(0)


def test_verrouiller_en_pleine_frappe_rend_le_texte_a_sa_place(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    ecrire(page, quartier.dossier)
    page.get_by_role("button", name="Verrouiller").first.click()
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)


def test_recharger_la_page_rend_le_texte_enregistre(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    ecrire(page, quartier.dossier)
    expect(etat(page)).to_contain_text("Enregistré à")
    page.reload()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)


def test_un_contact_a_moitie_saisi_se_reprend_comme_une_transmission(quartier, ouvrir):
    infirmiere = quartier.professionnel("IDE", prenom="Claire", nom="Martin")
    page = ouvrir(infirmiere)
    adresse = reverse("administratif:entourage_ajouter", args=[quartier.dossier.pk])
    page.goto(adresse)
    page.get_by_label("Nom", exact=True).fill("Kervella")
    expect(etat(page)).to_contain_text("Enregistré à")
    page.close()
    page = ouvrir(infirmiere)
    page.goto(adresse)
    page.get_by_role("link", name="Reprendre le brouillon").click()
    expect(page.get_by_label("Nom", exact=True)).to_have_value("Kervella")
    page.get_by_label("Rôle").select_option(index=1)
    page.get_by_label("Téléphone", exact=False).first.fill("06 39 98 01 12")
    page.get_by_role("button", name="Enregistrer pour").click()
    expect(page.get_by_text("Contact ajouté")).to_be_visible()
    page.goto(adresse)
    expect(page.get_by_role("link", name="Reprendre le brouillon")).to_have_count(0)
