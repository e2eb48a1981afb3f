"""La carte Vitale : un fichier venu d’ailleurs, une personne que quelqu’un choisit."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dui.connecteurs.lecture_xml import TAILLE_MAX
from dui.socle.models import AppelInsi, AttenteInsi
from tests.identite.outils import relu
from tests.insi.pages import adresse, decider, personne, texte
from tests.insi.test_vitale import LECTURE
from tests.outils import formulaire_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretaire(en_tant_que, ouvert):
    return lambda dossier: en_tant_que(dossier, role="SECRETAIRE")


def deposer(client, dossier, octets=LECTURE, follow=True):
    page = adresse("_insi_carte", dossier)
    _, lus = formulaire_de(client.get(page))
    lus.pop("fichier", None)
    fichier = SimpleUploadedFile("lecture.xml", octets, content_type="text/xml")
    return client.post(page, lus | {"fichier": fichier}, follow=follow)


def choisir(client, dossier, **champs):
    action, lus = formulaire_de(client.get(adresse("_insi_carte", dossier)))
    return client.post(action, lus | champs, follow=True)


def test_de_la_carte_a_l_identite_recuperee(secretaire, insi):
    dossier = personne("CORSE")
    client = secretaire(dossier)
    page = deposer(client, dossier)
    assert "CORSE ANTHONY, né ou née le 02/03/1980" in texte(page)
    assert "checked" not in page.content.decode()
    assert "180032B020401" not in page.content.decode()
    reponse = choisir(client, dossier, rang="0")
    assert "INSi a retrouvé une identité" in texte(reponse)
    assert insi.recues[0].operation == "rechercherInsAvecCarteVitale"
    decider(client, dossier, "accepter")
    assert (relu(dossier).statut_identite, relu(dossier).recueil) == ("RECUP", "CV")
    assert AppelInsi.objects.get().nature == "vitale"


def test_la_carte_d_une_autre_personne_ne_peut_qu_etre_refusee(secretaire):
    dossier = personne("ADRUN")
    client = secretaire(dossier)
    deposer(client, dossier)
    page = texte(choisir(client, dossier, rang="0"))
    assert "sans doute une autre personne" in page and "Accepter ces traits" not in page
    forcee = decider(client, dossier, "accepter", confirmer="on")
    assert forcee.status_code == 422 and relu(dossier).nom_naissance == "ADRUN"
    assert "Réponse refusée" in texte(decider(client, dossier, "refuser"))


def test_une_date_que_l_on_savait_incomplete_peut_se_completer(secretaire):
    dossier = personne("CORSE", date_naissance=date(1980, 12, 31), naissance_incomplete="jour_mois")
    client = secretaire(dossier)
    deposer(client, dossier)
    choisir(client, dossier, rang="0")
    assert decider(client, dossier, "accepter").status_code == 422
    decider(client, dossier, "accepter", confirmer="on")
    usager = relu(dossier)
    assert (usager.date_naissance, usager.naissance_incomplete) == (date(1980, 3, 2), "")


def test_personne_n_est_choisi_d_avance_et_le_siecle_se_dit(secretaire, insi):
    dossier = personne("CORSE")
    client = secretaire(dossier)
    deposer(client, dossier)
    assert "Choisissez la personne." in texte(choisir(client, dossier, rang=""))
    sans = choisir(client, dossier, rang="1")
    assert sans.status_code == 422 and "Dites le siècle" in texte(sans)
    assert insi.recues == [] and not AppelInsi.objects.exists()
    assert "ne trouve personne" in texte(choisir(client, dossier, rang="1", siecle="20"))


ENTITES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxxxxxxxx">]><a><ident>&b;</ident></a>'


@pytest.mark.parametrize(
    ("octets", "mots"),
    [
        (b"", "ne se lit pas"),
        (b"<a>", "ne se lit pas"),
        (ENTITES, "ne se lit pas"),
        (b"\x00\xff" * 40, "ne se lit pas"),
        (b"<a><b/></a>", "ne contient personne"),
        (b"<a>" + b" " * TAILLE_MAX + b"</a>", "moins de 256 Ko"),
    ],
)
def test_une_lecture_hostile_se_refuse_avec_des_mots(octets, mots, secretaire, insi):
    dossier = personne("CORSE")
    refus = deposer(secretaire(dossier), dossier, octets)
    assert refus.status_code == 422 and mots in texte(refus)
    assert not AttenteInsi.objects.exists() and insi.recues == []


def test_un_rang_invente_ou_une_lecture_perdue_n_appelle_pas(secretaire, insi):
    dossier = personne("CORSE")
    client = secretaire(dossier)
    page = adresse("_insi_carte", dossier)
    assert client.post(page, {"rang": "0"}).status_code == 422
    deposer(client, dossier)
    assert client.post(page, {"rang": "7"}).status_code == 422
    autre = secretaire(dossier)  # the reading belongs to who made it
    assert autre.post(page, {"rang": "0"}).status_code == 422
    assert insi.recues == []


def test_la_lecture_attend_chiffree(secretaire):
    dossier = personne("CORSE")
    deposer(secretaire(dossier), dossier)
    attente = AttenteInsi.objects.get()
    assert b"180032B020401" in attente.relire()
    assert b"180032B020401" not in bytes(attente.chiffre)
