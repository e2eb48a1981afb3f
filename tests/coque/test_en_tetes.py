"""Les en-têtes de chaque adresse, et ce que le navigateur a le droit d’en faire."""

import re

import pytest

from dui.socle import pdf
from tests.habilitations.adresses import Maison
from tests.habilitations.test_parcours_des_adresses import A_PARCOURIR, repondre_en_entier
from tests.outils import connecter

pytestmark = pytest.mark.django_db
ATTENDUS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAS_UNE_PAGE = ["/static/css/base.css", "/static/absent.css", "/nulle-part/", "/recherche/?q=%00"]


def verifier(reponse, adresse):
    for nom, valeur in ATTENDUS.items():
        assert reponse.headers.get(nom) == valeur, f"{adresse} : {nom}"
    for nom in ("Access-Control-Allow-Origin", "Server", "X-Powered-By"):
        assert nom not in reponse.headers, f"{adresse} : {nom}"
    politique = reponse["Content-Security-Policy"]
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in politique, adresse
    assert "unsafe" not in politique and "*" not in politique
    assert "microphone=()" in reponse["Permissions-Policy"]


@pytest.fixture
def ici(monkeypatch):
    monkeypatch.setattr(pdf, "rendre", lambda *args, **kwargs: b"%PDF")
    return Maison("DURAND")


@pytest.mark.lent
def test_chaque_adresse_envoie_les_memes_en_tetes_et_rien_ne_reste_en_cache(ici):
    client, siens = connecter(ici.auteur), ici.siens(ici.auteur)
    for adresse in A_PARCOURIR:
        reponse = repondre_en_entier(client, adresse, siens)
        verifier(reponse, adresse.route)
        assert "no-store" in reponse["Cache-Control"], adresse.route
        if reponse.headers.get("Content-Type", "").startswith("text/"):
            assert "charset=utf-8" in reponse["Content-Type"], adresse.route


@pytest.mark.parametrize("adresse", PAS_UNE_PAGE)
def test_un_fichier_ou_une_erreur_porte_les_memes_en_tetes(client, adresse):
    verifier(client.get(adresse), adresse)


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


def test_les_pages_ne_chargent_rien_d_ailleurs(ici):
    client, siens = connecter(ici.auteur), ici.siens(ici.auteur)
    for adresse in (a for a in A_PARCOURIR if a.methode == "GET"):
        reponse = repondre_en_entier(client, adresse, siens)
        if reponse.streaming or "html" not in reponse.headers.get("Content-Type", ""):
            continue
        externes = re.findall(r'(?:src|href)="((?:https?:)?//[^"]+)"', reponse.content.decode())
        assert not externes, f"/{adresse.route} : {externes}"
