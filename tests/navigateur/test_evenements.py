"""Une chute, avec toutes ses parties obligatoires : une page, peu de gestes, moins de 90 s."""

from playwright.sync_api import expect

from coordination.models import EvenementIndesirable
from tests.navigateur.gestes import gestes
from tests.socle.factories import ContactFactory

RECIT = "Assise au pied du lit, consciente, dit avoir glissé en se levant."
# Seconds of a hurried hand: to aim and click (with the reading of the line), to type a character.
PAR_CLIC, PAR_CARACTERE = 3.0, 0.28


def test_une_chute_complete_se_declare_en_moins_de_90_secondes(quartier, soignante, ouvrir):
    fille = ContactFactory(dossier=quartier.dossier, prenom="Isabelle", nom="Morel")
    page = ouvrir(soignante)
    page.goto(f"/dossiers/{quartier.dossier.pk}/")
    page.get_by_role("navigation", name="DURAND").get_by_role("link", name="Événements").click()
    page.get_by_role("link", name="Chute", exact=True).click()
    page.get_by_text("Se levait, s’asseyait").click()
    page.get_by_role("group", name="Quelqu’un l’a vue tomber").get_by_text("Non").click()
    page.get_by_text("Rien de visible").click()
    page.get_by_text("Constantes", exact=True).last.click()
    page.get_by_text("Chambre", exact=True).click()
    page.get_by_role("group", name="Famille ou proche prévenu").get_by_text("Oui").click()
    page.get_by_text(str(fille)).click()
    page.get_by_role("group", name="Médecin prévenu").get_by_text("Pas encore").click()
    # Told or not: the page asks only for what goes with the answer.
    expect(page.locator("#id_famille_motif")).to_be_hidden()
    expect(page.locator("#id_medecin_qui")).to_be_hidden()
    page.locator("#id_medecin_motif").fill("Appelé, rappelle dans l’heure.")
    page.locator("#id_circonstances").fill(RECIT)
    page.get_by_role("group", name="Gravité").get_by_text("Mineure").click()
    page.keyboard.press("Alt+s")
    expect(page.get_by_text("Événement déclaré.")).to_be_visible()
    expect(page.get_by_role("link", name="Écrire la transmission")).to_be_visible()

    clics = [g for g in gestes(page) if g]
    assert len(clics) <= 13, clics
    assert (
        len(clics) * PAR_CLIC + len(RECIT + "Appelé, rappelle dans l’heure.") * PAR_CARACTERE < 90
    )
    e = EvenementIndesirable.objects.get()
    assert (e.type, e.lieu, e.famille, e.medecin) == ("chute", "chambre", "oui", "non")
    assert e.famille_qui.startswith(str(fille)) and e.faits["lesions"] == ["aucune"]
