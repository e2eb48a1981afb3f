"""The journal in a browser: the officer follows a refusal to a record, prints it, finds herself."""

import re

from playwright.sync_api import expect

from dui.socle.models import EntreeJournal


def test_le_dpo_remonte_d_un_refus_au_journal_du_dossier(quartier, soignante, ouvrir):
    carnet = ouvrir(soignante)
    carnet.goto(f"/dossiers/{quartier.dossier.pk}/transmissions/")
    carnet.goto(f"/dossiers/{quartier.dossier.pk}/journal/")  # not for a care assistant
    expect(carnet.get_by_role("heading", name="Accès non ouvert")).to_be_visible()

    page = ouvrir(quartier.professionnel("DPO", prenom="Thomas", nom="Retailleau"))
    page.goto("/journal/")
    page.get_by_label("Quoi").select_option("refus")
    page.get_by_role("button", name="Filtrer").click()
    ligne = page.get_by_role("listitem").filter(has_text="Claire Martin")
    expect(ligne).to_contain_text("a essayé de lire le journal des accès, sans en avoir le droit")
    ligne.get_by_role("link", name="DURAND").click()
    expect(page).to_have_title(re.compile("DURAND Marie.* — Qui a ouvert ce dossier"))
    expect(page.get_by_text("a lu les transmissions")).to_be_visible()
    page.get_by_role("link", name="Version imprimable").click()
    expect(page.get_by_text("Imprimé par Thomas RETAILLEAU")).to_be_visible()
    assert EntreeJournal.objects.filter(action="imprimer", bloc="AUD").count() == 1


def test_chacun_retrouve_ses_acces_dans_le_menu_de_son_compte(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto(f"/dossiers/{quartier.dossier.pk}/transmissions/")
    page.locator(".barre__compte summary").click()
    page.get_by_role("link", name="Mes accès").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes accès")
    expect(page.get_by_text("Vous avez lu les transmissions")).to_be_visible()


def test_les_filtres_marchent_sans_script(quartier, soignante, ouvrir):
    page = ouvrir(soignante, javascript=False)
    page.goto(f"/dossiers/{quartier.dossier.pk}/transmissions/")
    page.goto("/moi/journal/")
    page.get_by_label("Partie du dossier").select_option("CST")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("heading", name="Aucun accès")).to_be_visible()
    page.get_by_role("link", name="Tout revoir").first.click()
    expect(page.get_by_text("Vous avez lu les transmissions")).to_be_visible()
