"""L’encodage annoncé par une requête ne choisit pas le décodeur."""

from importlib import import_module
from io import BytesIO

import pytest
from django.test import RequestFactory

from dui.codages import SansCodageInconnu

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(monkeypatch):
    """Celle que sert gunicorn, sans son préchauffage."""
    monkeypatch.setenv("DUI_PROCESSUS", "web")
    monkeypatch.setattr("threading.Thread.start", lambda fil: None)
    return import_module("dui.wsgi").application


def demander(application, type_de_contenu, corps=b"a"):
    environ = RequestFactory().get("/connexion/").environ | {
        "CONTENT_TYPE": type_de_contenu,
        "CONTENT_LENGTH": str(len(corps)),
        "wsgi.input": BytesIO(corps),
    }
    reponses = []
    application(environ, lambda statut, en_tetes: reponses.append((statut, dict(en_tetes))))
    return reponses[0]


@pytest.mark.parametrize(
    "parametre",
    ["charset=zlib", 'charset="hex"', "CHARSET = idna", "charset=inconnu", "x*=zlib''%41"],
)
def test_un_codage_impossible_n_arrete_pas_la_page_ni_ses_en_tetes(application, parametre):
    statut, en_tetes = demander(application, f"text/plain; {parametre}")
    assert statut == "200 OK"
    assert "default-src 'none'" in en_tetes["Content-Security-Policy"]


@pytest.mark.parametrize(
    "type_de_contenu",
    [
        "",
        "text/plain; charset=UTF-8",
        'multipart/form-data; boundary="a;b"',
        "application/x-www-form-urlencoded;charset=utf-8",
    ],
)
def test_un_type_ordinaire_passe_tel_quel(type_de_contenu):
    recus = []
    SansCodageInconnu(lambda environ, _: recus.append(environ["CONTENT_TYPE"]))(
        {"CONTENT_TYPE": type_de_contenu}, None
    )
    assert recus == [type_de_contenu]
