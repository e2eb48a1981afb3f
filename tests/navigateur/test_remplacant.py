"""AC-21 : le compte d’un remplaçant en moins d’une minute, de la page d’accueil au code remis."""

import re
import time

import pytest
from playwright.sync_api import expect

from habilitations.models import Affectation
from tests.navigateur.accessibilite import axe
from tests.navigateur.gestes import gestes


@pytest.fixture
def cadre(quartier):
    return quartier.professionnel("IDEC", prenom="Anne", nom="Corre")


def test_un_cadre_ouvre_le_compte_d_un_remplacant_en_moins_d_une_minute(quartier, cadre, ouvrir):
    page = ouvrir(cadre)
    page.goto("/")
    debut = time.monotonic()
    page.locator(".rail__plus summary").click()
    page.get_by_role("link", name="Équipe").click()
    page.get_by_role("link", name="Ajouter un remplaçant").click()
    page.get_by_label("Prénom").press_sequentially("Lila", delay=60)
    page.get_by_label("Nom", exact=True).press_sequentially("Roy", delay=60)
    page.get_by_label("Rôle").select_option(label="Aide-soignant / AES / AMP / ASG")
    assert not axe(page)
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.get_by_text("lila.roy")).to_be_visible()
    assert time.monotonic() - debut < 60
    assert len(gestes(page)) <= 5, gestes(page)

    assert not axe(page)
    code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.inner_text("main"))[0]
    affectation = Affectation.objects.get(compte__username="lila.roy")
    assert (affectation.role_id, affectation.unite) == ("AS", quartier.unite)

    elle = ouvrir()
    elle.goto("/activation/")
    elle.get_by_label("Identifiant").fill("lila.roy")
    elle.get_by_label("Code d’activation").fill(code)
    elle.get_by_label("Votre mot de passe").fill("ma cuisine sent la cannelle")
    elle.get_by_label("Encore une fois").fill("ma cuisine sent la cannelle")
    elle.get_by_role("button", name="Continuer").click()
    expect(elle.get_by_role("heading", name="Relier votre téléphone")).to_be_visible()
