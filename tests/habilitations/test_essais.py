"""Deviner un mot de passe : ralenti par couple, signalé par compte, jamais une arme contre lui."""

import threading

import pytest
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.db import connections, transaction
from pytest_django.asserts import assertContains

from dui.socle.adresses import source
from dui.socle.models import EntreeJournal
from habilitations.connexion import essais, services
from habilitations.connexion.vues import ATTENDRE, REFUS
from habilitations.models import EchecConnexion
from tests.habilitations.connexion import appareil, code_de, poster, saisir_mot_de_passe
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def compte():
    return AffectationFactory(role="AS").compte


def echouer(client, compte, fois=essais.ESSAIS_MAX):
    return [saisir_mot_de_passe(client, compte, "mauvais") for _ in range(fois)][-1]


# ------------------------------------------------------------------ par couple


@pytest.mark.parametrize(
    ("adresse", "attendue"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_une_adresse_ipv6_est_celle_de_son_reseau(adresse, attendue):
    assert source(adresse) == attendue


@pytest.mark.lent
def test_changer_d_adresse_dans_le_meme_reseau_ne_redonne_pas_d_essais(client, compte):
    for rang in range(essais.ESSAIS_MAX):
        client.defaults["REMOTE_ADDR"] = f"2001:db8::{rang:x}"
        echouer(client, compte, 1)
    client.defaults["REMOTE_ADDR"] = "2001:db8::ffff"
    assertContains(saisir_mot_de_passe(client, compte), ATTENDRE, status_code=422)
    client.defaults["REMOTE_ADDR"] = "2001:db8:0:1::1"  # the neighbour's network
    assert saisir_mot_de_passe(client, compte).status_code == 302


def test_une_lettre_qui_se_confond_en_majuscule_ne_redonne_pas_d_essais(client, compte):
    compte.username = "claire.martin"
    compte.save()
    echouer(client, compte)
    compte.username = "claıre.martın"  # in upper case, the same
    assertContains(saisir_mot_de_passe(client, compte), ATTENDRE, status_code=422)


@pytest.mark.django_db(transaction=True)
def test_seize_essais_a_la_fois_n_en_evaluent_que_dix(monkeypatch, rf):
    compte, evalues = CompteFactory(), []
    vrai = auth.authenticate
    monkeypatch.setattr(
        services.auth, "authenticate", lambda *a, **k: evalues.append(1) or vrai(*a, **k)
    )
    depart = threading.Barrier(16)

    def essayer():
        request = rf.post("/connexion/")
        request.user = AnonymousUser()
        depart.wait(10)
        try:
            with transaction.atomic():
                services.verifier_mot_de_passe(
                    request, identifiant=compte.username, mot_de_passe="mauvais"
                )
        except essais.TropDEssais:
            pass
        finally:
            connections.close_all()

    fils = [threading.Thread(target=essayer) for _ in range(16)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    assert len(evalues) == essais.ESSAIS_MAX == EchecConnexion.objects.count()


# ------------------------------------------------------------------ par compte


def test_de_partout_les_essais_sur_un_compte_se_signalent_sans_le_fermer(client, compte, settings):
    settings.ESSAIS_SIGNALES = 4
    for rang in range(9):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{rang}"
        echouer(client, compte, 1)
    signalements = EntreeJournal.objects.filter(action="essais_nombreux").order_by("pk")
    assert [(s.acteur, s.contexte["nombre"]) for s in signalements] == [(compte, 4), (compte, 8)]
    telephone = appareil(compte)
    etape = saisir_mot_de_passe(client, compte)
    assert poster(client, etape.url, code=code_de(telephone)).status_code == 302
    assertContains(client.get("/"), "de nombreux essais de connexion refusés")


# ------------------------------------------------------------------ l’identifiant


@pytest.mark.parametrize("saisi", ["Claire.Martin", " claire.martin ", "CLAIRE.MARTIN"])
def test_l_identifiant_se_tape_comme_on_veut(client, compte, saisi):
    compte.username = "claire.martin"
    compte.save()
    compte.username = saisi
    assert saisir_mot_de_passe(client, compte).status_code == 302


def test_deux_identifiants_que_la_casse_seule_separe_restent_deux(client):
    CompteFactory(username="Claire.Martin", password="un autre mot de passe")
    compte = CompteFactory(username="claire.martin")
    assert essais.compte_nomme("claire.martin") == compte
    compte.username = "CLAIRE.MARTIN"  # neither
    assertContains(saisir_mot_de_passe(ClientVerifie(), compte), REFUS, status_code=422)
