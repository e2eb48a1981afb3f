"""L’administration de Django, dans un vrai navigateur, sous notre politique de contenu."""

import pytest
from django.template import engines
from playwright.sync_api import expect


@pytest.fixture(autouse=True)
def gabarits_de_django(monkeypatch):
    """Django's own pages count on variables that are not there."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


def test_ses_pages_s_affichent_sans_violer_la_politique_de_contenu(quartier, ouvrir):
    compte = quartier.professionnel("ADMIN_SI")
    compte.is_staff = True
    compte.save()
    page = ouvrir(compte)  # refuses, at the end, any error that the browser wrote
    page.goto("/equipe/")
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("main").get_by_role("link", name="Affectations", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name="Ajouter affectation").click()
    expect(page.get_by_label("Rôle")).to_be_visible()
    page.goto("/administration/socle/messagesortant/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
