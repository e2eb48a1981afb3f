"""Ce que toute réponse du produit doit tenir : lue une fois, jugée par chaque contrôle."""

import re

import pytest

from dui.socle import pdf
from tests.coque.en_tetes import verifier
from tests.habilitations.maison import Maison
from tests.habilitations.parcours import A_PARCOURIR, repondre_en_entier
from tests.outils import connecter

pytestmark = pytest.mark.django_db
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def ici(monkeypatch):
    monkeypatch.setattr(pdf, "rendre", lambda *args, **kwargs: b"%PDF")
    return Maison("DURAND")


def en_tetes(reponse, html):
    verifier(reponse)
    assert "no-store" in reponse["Cache-Control"]
    if reponse.headers.get("Content-Type", "").startswith("text/"):
        assert "charset=utf-8" in reponse["Content-Type"]


def rien_ne_vient_d_ailleurs(reponse, html):
    assert not re.findall(r'(?:src|href)="((?:https?:)?//[^"]+)"', html)


def aucun_lien_ne_porte_un_nom_ou_une_date_de_naissance(reponse, html):
    for lien in re.findall(r'(?:href|action)="([^"]*)"', html):
        lisible = UUID.sub("", lien.lower())
        assert "durand" not in lisible and "1940" not in lisible, lien


def on_peut_se_deconnecter(reponse, html):
    if reponse.status_code == 200 and 'class="appli' in html:
        assert 'action="/deconnexion/"' in html


def texte_de(reponse) -> str:
    page = not reponse.streaming and "html" in reponse.headers.get("Content-Type", "")
    return reponse.content.decode() if page else ""


@pytest.mark.lent
def test_chaque_adresse_tient_ce_qui_vaut_pour_toutes(ici):
    """Le client des tests refuse aussi toute écriture d’un GET : ici, sur toutes les adresses."""
    client, siens = connecter(ici.auteur), ici.siens(ici.auteur)
    pages = 0
    for adresse in A_PARCOURIR:
        reponse = repondre_en_entier(client, adresse, siens)
        en_tetes(reponse, "")
        if adresse.methode == "GET":
            assert reponse.status_code in (200, 204, 302, 403, 404), adresse.route
            html = texte_de(reponse)
            pages += 'class="appli' in html
            rien_ne_vient_d_ailleurs(reponse, html)
            aucun_lien_ne_porte_un_nom_ou_une_date_de_naissance(reponse, html)
            on_peut_se_deconnecter(reponse, html)
    assert pages > 40


@pytest.mark.parametrize(
    ("controle", "html"),
    [
        (rien_ne_vient_d_ailleurs, '<script src="//ailleurs.example/x.js">'),
        (aucun_lien_ne_porte_un_nom_ou_une_date_de_naissance, '<a href="/residents/?q=Durand">'),
        (on_peut_se_deconnecter, '<body class="appli">'),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_chaque_controle_voit_sa_faute(controle, html, client):
    with pytest.raises(AssertionError):
        controle(client.get("/connexion/"), html)
