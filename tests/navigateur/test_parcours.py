"""The criteria of speed: clicks counted by the page, never by the test."""

import re
import time

import pytest
from playwright.sync_api import expect

from accompagnement.models import Transmission
from tests.navigateur.gestes import ATTENTES, aller_au_texte, gestes, ralentir
from tests.navigateur.quartier import Quartier

HAUTEUR = 768


def test_une_transmission_tient_en_trois_clics_depuis_mon_poste(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto("/")
    debut = time.monotonic()
    page.locator("#ecrire-pour").get_by_role("link", name="DURAND").click()
    page.get_by_text("Alimentation", exact=True).click()
    aller_au_texte(page)
    page.keyboard.insert_text("A refusé le dessert.")
    page.get_by_role("button", name="Enregistrer pour Mme DURAND").click()
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()

    assert len(gestes(page)) <= 3, gestes(page)
    assert time.monotonic() - debut < 20
    transmission = Transmission.objects.get()
    assert (transmission.dossier, transmission.cible) == (quartier.dossier, "alimentation")
    assert transmission.donnees == "A refusé le dessert."


@pytest.mark.parametrize(
    ("texte", "trouve"), [("dur", "DURAND"), ("13", "BENALI"), ("eli", "DUPRÉ")]
)
def test_un_resident_se_trouve_en_un_clic(quartier, soignante, ouvrir, texte, trouve):
    page = ouvrir(soignante)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(texte, delay=30)
    debut = time.monotonic()
    resultat = page.get_by_role("option", name=trouve)
    resultat.wait_for()
    # The target is 300 ms on a free machine; this one also serves the page and drives the tests.
    assert time.monotonic() - debut < 1.5
    resultat.click()
    expect(page).to_have_title(re.compile(trouve))
    assert len(gestes(page)) <= 1, gestes(page)


def test_la_recherche_n_attend_jamais_deux_reponses_a_la_fois(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.add_init_script(ATTENTES)
    page.goto("/")
    ralentir(page, 400)
    page.locator("#recherche").focus()
    with page.expect_response("**/recherche/?q=durand"):
        page.keyboard.type("durand", delay=200)
    reseau = page.evaluate("dui")
    assert reseau["pic"] == 1
    assert reseau["abandonnees"], "les recherches dépassées sont abandonnées"
    assert reseau["envoyees"][-1].endswith("q=durand")


def test_la_releve_de_cinquante_residents_montre_l_important_d_abord(live_server, ouvrir):
    quartier = Quartier(residents=50)
    quartier.transmettre(chacun=1, importantes=10)
    page = ouvrir(quartier.professionnel("IDE"))
    page.goto("/releve/?depuis=24")
    importantes = page.get_by_role("list", name="Transmissions importantes").locator("> li")
    expect(importantes).to_have_count(10)
    expect(importantes.first).to_contain_text("Urgent")
    for ligne in importantes.all():
        cadre = ligne.bounding_box()
        assert cadre["y"] + cadre["height"] <= 2 * HAUTEUR, ligne.inner_text()
    assert importantes.last.bounding_box()["y"] < page.locator("#personnes").bounding_box()["y"]
    assert gestes(page) == []


def test_l_accueil_montre_deja_les_importantes(quartier, soignante, ouvrir):
    quartier.transmettre()
    page = ouvrir(soignante)
    page.goto("/")
    attente = page.locator("#attente")
    expect(attente).to_contain_text("Retrouvée assise au pied du lit")
    attente.get_by_role("button", name="J’ai lu").first.click()
    expect(page.locator("#attente")).to_contain_text("Lu à")
    assert len(gestes(page)) == 1


def test_la_fiche_d_urgence_sort_en_deux_clics(quartier, ouvrir):
    page = ouvrir(quartier.professionnel("IDE"))
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.insert_text("durand")
    page.get_by_role("option", name="DURAND").click()
    fiche = page.get_by_role("link", name="Fiche d’urgence")
    debut = time.monotonic()
    reponse = page.request.get(fiche.get_attribute("href"))
    assert (reponse.status, reponse.body()[:5]) == (200, b"%PDF-")
    # The target is 2 s; see ./run bench for times on a machine that does nothing else.
    assert time.monotonic() - debut < 10
    assert len(gestes(page)) + 1 <= 2, "un de plus : le clic sur la fiche"
