"""Ce que la connexion par Pro Santé Connect refuse, et la raison que le journal garde."""

import pytest

from habilitations.models import FlotPSC, SessionPSC
from habilitations.psc.vues import ABANDON, PERIMEE, REFUSEE
from tests.habilitations.connexion import plus_tard
from tests.psc.outils import Poste, dernier_motif, messages_de

pytestmark = pytest.mark.django_db


def test_un_retour_ne_sert_qu_une_fois(poste, infirmiere):
    retour = poste.au_fournisseur(poste.partir())
    poste.client.get(retour)
    poste.client.post("/deconnexion/")
    poste.client.get(retour)
    assert not poste.connecte and dernier_motif() == "etat"


def test_un_retour_dans_un_autre_navigateur_est_refuse_et_reste_au_premier(
    poste, infirmiere, fournisseur
):
    retour = poste.au_fournisseur(poste.partir())
    autre = Poste(fournisseur)
    autre.partir()
    autre.client.get(retour)
    assert not autre.connecte and dernier_motif() == "etat"
    poste.client.get(retour)
    assert poste.connecte


def test_un_retour_trop_tardif_est_refuse(poste, infirmiere, settings):
    retour = poste.au_fournisseur(poste.partir())
    with plus_tard(seconds=settings.PSC_DUREE_FLOT + 1):
        poste.client.get(retour)
        assert PERIMEE in messages_de(poste.client)
    assert not poste.connecte


@pytest.mark.parametrize(
    ("claims", "motif"),
    [
        ({"nonce": "celui d’une autre demande"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"iss": "https://exemple.org"}, "iss"),
        ({"acr": "eidas0"}, "acr"),
        ({"acr": None}, "acr"),
        ({"sub": ""}, "sub"),
        ({"iat": 99_999_999_999}, "iat"),
        ({"iat": None}, "iat"),
        ({"exp": "demain"}, "exp"),
        ({"nbf": 99_999_999_999}, "nbf"),
        ({"sub": "quelqu’un d’autre"}, "userinfo"),
        ({"typ": "Bearer"}, "typ"),
        ({"typ": "Refresh"}, "typ"),
    ],
)
def test_un_jeton_d_identite_qui_ne_repond_pas_a_la_demande_est_refuse(
    poste, infirmiere, fournisseur, claims, motif
):
    fournisseur.travers.claims = claims
    poste.entrer()
    assert not poste.connecte and dernier_motif() == motif
    assert REFUSEE in messages_de(poste.client)
    assert not SessionPSC.objects.exists()


def test_un_userinfo_d_une_autre_personne_est_refuse(poste, infirmiere, fournisseur):
    fournisseur.travers.userinfo = {"sub": "f:autre:899700900009"}
    poste.entrer()
    assert not poste.connecte and dernier_motif() == "userinfo"


def test_un_code_obtenu_pour_un_autre_verificateur_est_refuse(poste, infirmiere):
    retour = poste.au_fournisseur(poste.partir())
    FlotPSC.objects.update(verificateur="un-autre-verificateur-tire-au-hasard-0123456789")
    poste.client.get(retour)
    assert not poste.connecte and dernier_motif() == "fournisseur"


def test_un_retour_d_un_autre_emetteur_est_refuse(poste, infirmiere):
    retour = poste.au_fournisseur(poste.partir())
    poste.client.get(retour.replace("iss=http", "iss=https"))
    assert not poste.connecte and dernier_motif() == "iss"


def test_renoncer_chez_pro_sante_connect_ramene_a_la_connexion(poste, infirmiere):
    retour = poste.au_fournisseur(poste.partir(), qui="")
    assert poste.client.get(retour).url == "/connexion/?suite=%2F"
    assert ABANDON in messages_de(poste.client) and dernier_motif() == "abandon"


def test_une_cle_changee_chez_le_fournisseur_est_relue(poste, infirmiere, fournisseur):
    poste.entrer()
    poste.client.post("/deconnexion/")
    fournisseur.tourner_les_cles()
    with plus_tard(seconds=31):
        poste.entrer()
    assert poste.connecte
