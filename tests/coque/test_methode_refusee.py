"""Une adresse que seul un bouton atteint, ouverte seule : rechargée, ou gardée en favori."""

import pytest
from django.test import Client

from tests.socle.factories import DossierFactory

PAGE = {"headers": {"accept": "text/html,*/*;q=0.8"}}
CREER = "/identites/creer/"


def test_la_page_dit_quoi_faire_et_ramene_a_mon_poste(en_tant_que):
    secretaire = en_tant_que(DossierFactory(), role="SECRETAIRE")
    reponse = secretaire.get(CREER, **PAGE)
    page = reponse.content.decode()
    assert (reponse.status_code, reponse["Allow"]) == (405, "POST")
    assert "Cette page ne s’ouvre pas seule" in page and 'href="/"' in page


def test_une_proche_revient_a_son_espace(sur_le_portail):
    reponse = sur_le_portail(DossierFactory()).get("/deconnexion/", **PAGE)
    assert reponse.status_code == 405 and "Mon espace" in reponse.content.decode()


@pytest.mark.django_db
def test_sans_session_la_page_se_lit_aussi():
    reponse = Client().get("/deconnexion/", **PAGE)
    assert reponse.status_code in (302, 405) and reponse.headers["Content-Type"]


def test_un_script_garde_sa_reponse_nue(en_tant_que):
    secretaire = en_tant_que(DossierFactory(), role="SECRETAIRE")
    assert not secretaire.get(CREER).content
    assert not secretaire.get(CREER, headers=PAGE["headers"] | {"hx-request": "true"}).content
    assert not secretaire.put("/identites/", **PAGE).content
