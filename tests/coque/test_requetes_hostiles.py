"""Ce qu’aucun navigateur n’envoie : une réponse claire, jamais une panne, et les mêmes en-têtes."""

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import RequestFactory

from dui.coque.middleware import AdresseDuPoste
from dui.socle.models import Brouillon
from tests.outils import ClientVerifie
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "adresse",
    ["/recherche/?q=a%00b", "/residents/?tri=%00", "/releve/?depuis=%00", "/?%00=x"],
)
def test_un_caractere_nul_dans_une_adresse_est_une_demande_illisible(en_tant_que, adresse):
    reponse = en_tant_que(DossierFactory()).get(adresse)
    assert reponse.status_code == 400
    assert "Demande illisible" in reponse.content.decode()


@pytest.mark.parametrize("champs", [{"donnees": "a\0b"}, {"don\0nees": "ab"}])
def test_un_caractere_nul_dans_un_brouillon_est_une_demande_illisible(en_tant_que, champs):
    client = en_tant_que(DossierFactory())
    reponse = client.post("/brouillons/enregistrer/?objet=essai", champs)
    assert reponse.status_code == 400
    assert not Brouillon.objects.exists()


def test_un_cookie_qui_cache_un_caractere_nul_ne_fait_pas_de_panne():
    client = ClientVerifie()
    reponse = client.get(
        "/", headers={"cookie": 'dui_session="\\000\\000\\000\\000\\000\\000\\000\\000"'}
    )
    assert reponse.status_code == 400


@pytest.mark.parametrize("referent", ["http://[", "http://testserver//ailleurs.example/x", ""])
def test_un_brouillon_ne_se_reprend_jamais_ailleurs(en_tant_que, referent):
    client = en_tant_que(DossierFactory())
    adresse = "/brouillons/enregistrer/?objet=essai"
    reponse = client.post(adresse, {"donnees": "Un texte"}, headers={"referer": referent})
    assert reponse.status_code == 302
    assert Brouillon.objects.get().chemin == "/"


@pytest.mark.parametrize(
    "adresse",
    ["/connexion/", "/nulle-part/", "/recherche/?q=%00", "/static/css/base.css", "/static/x"],
)
def test_chaque_reponse_porte_la_politique_de_contenu(client, adresse):
    reponse = client.get(adresse)
    assert "default-src 'none'" in reponse["Content-Security-Policy"]
    assert reponse["X-Content-Type-Options"] == "nosniff"


def test_un_hote_inconnu_est_refuse_avec_les_memes_en_tetes(client, settings):
    settings.SECURE_SSL_REDIRECT = True  # l’hôte est alors lu par SecurityMiddleware
    reponse = client.get("/connexion/", headers={"host": "ailleurs.example"})
    assert reponse.status_code == 400
    assert reponse["Cache-Control"] == "no-store"
    assert "default-src 'none'" in reponse["Content-Security-Policy"]


def test_un_message_qui_nomme_une_personne_ne_reste_pas_dans_le_navigateur(en_tant_que):
    client = en_tant_que(DossierFactory())
    reponse = client.post("/brouillons/enregistrer/?objet=essai", {"donnees": "x"})
    assert "messages" not in reponse.cookies
    client.logout()  # la personne suivante sur le même poste
    assert not list(get_messages(client.get("/connexion/").wsgi_request))


@pytest.mark.parametrize("suite", ["residents", "12:99", "//ailleurs.example", "javascript:x"])
def test_l_apparence_choisie_ramene_toujours_a_une_page_de_la_maison(en_tant_que, suite):
    reponse = en_tant_que(DossierFactory()).post("/preferences/", {"suite": suite})
    assert (reponse.status_code, reponse.url) == (302, "/")


@pytest.mark.parametrize(
    ("recu", "adresse"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("203.0.113.66, 192.0.2.7", "192.0.2.7"),  # ce que le poste prétend, puis le mandataire
        ("", "127.0.0.1"),
        ("192.0.2.7, inconnu", "127.0.0.1"),
    ],
)
def test_derriere_un_mandataire_chaque_poste_garde_son_adresse(recu, adresse):
    demande = RequestFactory().get("/", headers={"x-forwarded-for": recu})
    AdresseDuPoste(lambda request: HttpResponse())(demande)
    assert demande.META["REMOTE_ADDR"] == adresse
