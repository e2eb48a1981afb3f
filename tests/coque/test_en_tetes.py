"""Les en-têtes de chaque adresse, et ce que le navigateur a le droit d’en faire."""

import pytest

from dui.socle import pdf
from tests.coque.en_tetes import verifier
from tests.habilitations.maison import Maison
from tests.outils import connecter

pytestmark = pytest.mark.django_db
PAS_UNE_PAGE = ["/static/css/base.css", "/static/absent.css", "/nulle-part/", "/recherche/?q=%00"]


@pytest.fixture
def ici(monkeypatch):
    monkeypatch.setattr(pdf, "rendre", lambda *args, **kwargs: b"%PDF")
    return Maison("DURAND")


@pytest.mark.parametrize("adresse", PAS_UNE_PAGE)
def test_un_fichier_ou_une_erreur_porte_les_memes_en_tetes(client, adresse):
    verifier(client.get(adresse))


def test_chaque_cookie_est_invisible_aux_scripts_et_limite_au_site(client, settings):
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-session", True
    settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE = "__Host-csrf", True
    settings.LIEU_COOKIE_NAME = "__Host-lieu"
    ici = Maison("DURAND")
    vus = dict(client.get("/connexion/", secure=True).cookies)
    connecte = connecter(ici.auteur)
    page = connecte.get(f"/residents/?etablissement={ici.sejour.etablissement_id}", secure=True)
    vus |= dict(page.cookies)
    assert set(vus) >= {"__Host-csrf", "__Host-lieu"}
    for nom, cookie in vus.items():
        assert nom.startswith("__Host-") and cookie["path"] == "/" and not cookie["domain"], nom
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax", nom
