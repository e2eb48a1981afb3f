"""Les phrases usuelles de la cible choisie s’ajoutent au texte, au doigt comme au clavier."""

from playwright.sync_api import expect

from tests.cibles.factories import CibleFactory


def test_une_phrase_s_ajoute_a_ce_qui_est_tape_sans_rien_effacer(quartier, soignante, ouvrir):
    CibleFactory(dossier=quartier.dossier, code="douleur", intitule="hanche")
    page = ouvrir(soignante)
    page.goto(f"/dossiers/{quartier.dossier.pk}/transmissions/nouvelle/")
    phrases = page.locator("[data-phrases]")
    expect(phrases).to_be_hidden()  # no target yet
    page.locator("#id_cible").get_by_text("Douleur : hanche", exact=True).click()
    donnees = page.get_by_label("Données")
    donnees.fill("Au lever.")
    phrases.get_by_text("Visage crispé pendant les soins.").click()
    expect(donnees).to_have_value("Au lever. Visage crispé pendant les soins.")
    puce = phrases.get_by_text("Ne se plaint pas.")
    assert puce.bounding_box()["height"] >= 44
    page.get_by_role("checkbox", name="Ne se plaint pas.").focus()
    page.keyboard.press("Space")
    expect(donnees).to_have_value("Au lever. Visage crispé pendant les soins. Ne se plaint pas.")
    page.locator("#id_cible").get_by_text("Sommeil", exact=True).click()
    expect(phrases.get_by_text("Nuit calme.")).to_be_visible()
    expect(phrases.get_by_text("Ne se plaint pas.")).to_be_hidden()
