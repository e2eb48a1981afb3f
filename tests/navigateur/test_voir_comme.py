"""« Voir comme » et la preuve par clé, dans un vrai navigateur : parcours, écrans, thèmes."""

import pytest
from playwright.sync_api import expect

from dui.socle.models import EntreeJournal
from habilitations.models import BrisDeGlace
from tests.navigateur.accessibilite import axe, defilement
from tests.navigateur.chromium import ECRANS
from tests.navigateur.test_poste_partage import brancher_une_cle
from tests.socle.factories import MOT_DE_PASSE

MOTIF = "Malaise dans la salle à manger, appelée par la cadre."


@pytest.fixture
def cadre(quartier):
    return quartier.professionnel("IDEC", prenom="Anne", nom="Corre")


def fautes_d_ecran(page) -> list[str]:
    fautes = [f"{largeur} px déborde" for largeur in ECRANS if defilement(page, largeur) > 0]
    page.set_viewport_size(ECRANS[1366])
    fautes += axe(page)
    page.emulate_media(color_scheme="dark")
    fautes += axe(page, ["color-contrast"])
    page.emulate_media(color_scheme="light")
    return fautes


def test_de_la_fiche_d_un_collegue_au_dossier_qu_il_verrait(quartier, cadre, ouvrir):
    nadia = quartier.professionnel("AS", prenom="Nadia", nom="Bensaïd", portee="unite")
    page = ouvrir(cadre)
    page.goto(f"/equipe/{nadia.pk}/")
    page.get_by_role("link", name="Voir comme").click()
    bandeau = page.get_by_text("Simulation : ce que voit Nadia Bensaïd")
    expect(bandeau).to_be_visible()
    assert not fautes_d_ecran(page)
    page.get_by_role("link", name="DURAND").click()
    expect(bandeau).to_be_visible()
    expect(page.get_by_text("Vous êtes aide-soignant")).to_be_visible()
    assert not fautes_d_ecran(page)
    page.get_by_role("link", name="Quitter la simulation").click()
    expect(page).to_have_url(f"{page.url.split('/equipe')[0]}/equipe/{nadia.pk}/")
    assert EntreeJournal.objects.filter(action="simulation").count() == 2


def test_sans_script_on_choisit_un_role_et_un_lieu(quartier, cadre, ouvrir):
    page = ouvrir(cadre, javascript=False)
    page.goto("/equipe/")
    page.get_by_role("link", name="Voir comme").click()
    page.get_by_label("Rôle").select_option("ASH")
    page.get_by_label("Où").select_option(label="EHPAD Les Tilleuls : Magnolia")
    page.get_by_role("button", name="Simuler ce rôle").click()
    expect(page.get_by_text("Simulation : ce que voit le rôle « Agent de service")).to_be_visible()
    expect(page.get_by_role("link", name="DURAND")).to_be_visible()


def test_la_cle_d_acces_brise_la_glace(quartier, ouvrir):
    ide = quartier.professionnel("IDE", prenom="Solène", nom="Petit", portee="equipe")
    page = ouvrir(ide)
    brancher_une_cle(page)
    page.goto("/moi/connexion/cles/ajouter/")
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.get_by_label("Nom de cette clé").fill("Badge")
    page.get_by_role("button", name="Enregistrer la clé").click()
    expect(page.get_by_text("Clé ajoutée")).to_be_visible()
    page.goto(f"/bris-de-glace/{quartier.dossier.pk}/")
    bouton = page.get_by_role("button", name="vec ma clé d’accès")
    bouton.click()  # nothing written yet: the browser says so, no key is asked
    expect(bouton).to_be_visible()
    assert not BrisDeGlace.objects.exists()
    assert not fautes_d_ecran(page)
    page.locator("label.puce").first.click()
    page.get_by_label("Expliquez").fill(MOTIF)
    bouton.click()
    expect(page.get_by_text("accès exceptionnel en cours")).to_be_visible()
    assert BrisDeGlace.objects.get().compte == ide
