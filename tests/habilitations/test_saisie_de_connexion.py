"""Se tromper à la connexion : la page dit ce qui n’a pas eu lieu, et l’on retape au bon endroit."""

import lxml.html
import pytest

from habilitations.connexion import essais
from tests.habilitations.connexion import appareil, poster, saisir_mot_de_passe
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def compte():
    return AffectationFactory().compte


def vises(reponse) -> list[str]:
    """The names of what asks for the focus, in the order of the page."""
    page = lxml.html.fromstring(reponse.content.decode())
    return [x.get("name") or x.get("id") for x in page.xpath("//*[@autofocus]")]


def titre(reponse) -> str:
    page = lxml.html.fromstring(reponse.content.decode())
    return page.xpath("string(//*[@id='resume-erreurs']/h2)").strip()


def test_l_identifiant_n_est_ni_corrige_ni_mis_en_majuscule(client):
    for adresse in ("/connexion/", "/activation/"):
        page = lxml.html.fromstring(client.get(adresse).content.decode())
        (champ,) = page.xpath("//input[@name='identifiant']")
        attributs = (champ.get("autocapitalize"), champ.get("autocorrect"), champ.get("spellcheck"))
        assert attributs == ("none", "off", "false")


def test_apres_un_mot_de_passe_refuse_on_retape_le_mot_de_passe(client, compte):
    assert vises(client.get("/connexion/")) == ["identifiant"]
    assert vises(saisir_mot_de_passe(client, compte, "mauvais")) == ["mot_de_passe"]


def test_apres_un_code_refuse_on_retape_le_code(client, compte):
    appareil(compte)
    etape = saisir_mot_de_passe(client, compte)
    assert vises(poster(client, etape.url, code="000000")) == ["code"]


@pytest.mark.parametrize("mot_de_passe", ["", "mauvais"])
def test_un_refus_ne_parle_pas_de_texte_a_corriger(client, compte, mot_de_passe):
    assert titre(saisir_mot_de_passe(client, compte, mot_de_passe)) == "Vous n’êtes pas connecté"


def test_trop_d_essais_n_est_pas_un_point_a_corriger(client, compte):
    for _ in range(essais.ESSAIS_MAX + 1):
        page = saisir_mot_de_passe(client, compte, "mauvais")
    assert "Trop d’essais" in page.content.decode()
    assert "rien n’est perdu" not in page.content.decode()


def test_sur_le_verrou_le_mot_de_passe_refuse_reprend_le_focus(compte):
    client = connecter(compte)
    client.post("/verrou/")
    page = poster(client, "/verrou/", mot_de_passe="mauvais")
    assert (vises(page), titre(page)) == (["mot_de_passe"], "Le poste reste verrouillé")


def test_a_l_activation_on_retape_ce_qui_est_refuse(client):
    champs = {"identifiant": "claire.martin", "code": "K7QF-92MX-ATRE-4HWP"}
    mot = "rivage tomate cumulus 83 bleu"
    page = poster(client, "/activation/", **champs, mot_de_passe=mot, confirmation=mot)
    assert vises(page) == ["code"]
    page = poster(client, "/activation/", **champs, mot_de_passe=mot, confirmation="autre")
    assert vises(page) == ["confirmation"]
