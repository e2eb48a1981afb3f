"""Ce qui part : en-têtes, corps, schémas."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from dui.connecteurs.insi import AppelInterdit, ClientInsi, IdentiteAVerifier
from dui.connecteurs.insi.messages import Logiciel, Tampon, recherche, recherche_vitale, tamponner
from dui.connecteurs.insi.strategie import appels
from dui.connecteurs.insi.validation import verifier
from tests.insi.outils import ADRUN, EXEMPLES, NIR, OFFICIELS, avec_les_donnees
from tests.insi.test_vitale import personne

LOGICIEL = Logiciel("1990000028", "GX00000000", "b3549edd-0000-4000-8000-000000000001", "ESMSDUI")
TAMPON = Tampon(
    "uuid:b3549edd-0000-4000-8000-000000000002",
    "6f3a2b4e-0000-4000-8000-000000000001",
    datetime(2026, 7, 1, 8, tzinfo=UTC),
)


def feuilles(octets: bytes):
    """Every element and attribute, in order, whatever the prefixes."""
    racine = etree.fromstring(octets, etree.XMLParser(remove_comments=True))
    return [(e.tag, dict(e.attrib), (e.text or "").strip()) for e in racine.iter()]


@avec_les_donnees
def test_la_requete_est_celle_de_l_exemple_publie():
    message = recherche(appels(ADRUN)[0], LOGICIEL, TAMPON)
    assert feuilles(message.octets) == feuilles((EXEMPLES / "request_traits.xml").read_bytes())


@avec_les_donnees
def test_les_schemas_officiels_acceptent_ce_que_nous_envoyons():
    carte = personne(matricule="180032B02040123", naissance="1980-03-02")
    for message in (
        recherche(appels(ADRUN)[0], LOGICIEL, TAMPON),
        recherche_vitale(carte, LOGICIEL, TAMPON),
    ):
        verifier(message, OFFICIELS)


@avec_les_donnees
def test_les_schemas_officiels_valident_aussi_par_le_reglage(reglages, insi):
    client = ClientInsi(replace(reglages, schemas=OFFICIELS))
    assert client.rechercher(ADRUN).code == "00"


def test_un_dossier_de_schemas_plus_strict_arrete_l_appel(reglages, insi, tmp_path):
    """Le dossier configuré compte : un contrat qui change se voit avant l’envoi."""
    (tmp_path / "contrat.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' targetNamespace="http://www.cnamts.fr/INSiRecSans" elementFormDefault="qualified">'
        '<xs:element name="RECSANSVITALE"><xs:complexType><xs:sequence>'
        '<xs:element name="Nouveau" type="xs:string"/>'
        "</xs:sequence></xs:complexType></xs:element></xs:schema>"
    )
    with pytest.raises(AppelInterdit) as refus:
        ClientInsi(replace(reglages, schemas=tmp_path)).rechercher(ADRUN)
    assert refus.value.code == "garde:requete_invalide:RECSANSVITALE"
    assert insi.recues == []


def test_un_schema_officiel_illisible_arrete_l_appel_et_se_nomme(reglages, insi, tmp_path):
    (tmp_path / "abime.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        ' targetNamespace="http://www.cnamts.fr/INSiRecSans">'
        '<xs:element name="RECSANSVITALE" type="Absent"/></xs:schema>'
    )
    with pytest.raises(AppelInterdit) as refus:
        ClientInsi(replace(reglages, schemas=tmp_path)).rechercher(ADRUN)
    assert refus.value.code == "garde:schema_illisible:abime.xsd"
    assert insi.recues == []


@pytest.mark.parametrize(
    "champ", [{"idam": ""}, {"emetteur": "", "idam": "X" * 101}], ids=["sans", "trop long"]
)
def test_un_contexte_mal_regle_ne_part_pas(reglages, insi, champ):
    with pytest.raises(AppelInterdit) as refus:
        ClientInsi(replace(reglages, **champ)).rechercher(ADRUN)
    assert refus.value.ligne.code == "requete_invalide"
    assert insi.recues == []


def test_chaque_appel_a_son_identifiant_et_son_heure():
    un, deux = tamponner(), tamponner()
    assert len({un.message_id, deux.message_id, un.contexte_id, deux.contexte_id}) == 4
    assert un.le.tzinfo is UTC


def test_l_emetteur_est_l_unite_du_certificat_et_l_instance_ne_change_pas(client, insi):
    client.rechercher(ADRUN)
    client.rechercher(ADRUN)
    premiers, seconds = (dict(_contexte(r.octets)) for r in insi.recues)
    assert premiers["Emetteur"] == "1990000028"
    assert premiers["Instance"] == seconds["Instance"]
    assert premiers["Id"] != seconds["Id"]


def _contexte(octets):
    return [(etree.QName(e).localname, e.text) for e in etree.fromstring(octets).iter()]


def test_un_nom_qui_ressemble_a_du_xml_n_en_devient_pas():
    appel = replace(appels(ADRUN)[0], nom="</NomNaissance><Sexe>")
    message = recherche(appel, LOGICIEL, TAMPON)
    assert b"&lt;/NomNaissance&gt;" in message.octets
    with pytest.raises(AppelInterdit):
        verifier(message)


def test_la_verification_porte_le_matricule_avec_son_oid_et_les_traits(client, insi):
    client.verifier(IdentiteAVerifier(ADRUN, "275126322074974", NIR))
    envoye = dict(_contexte(insi.recues[0].octets))
    assert (envoye["NumIdentifiant"], envoye["Cle"]) == ("2751263220749", "74")
    assert (envoye["OID"], envoye["ListePrenom"]) == (NIR, "ZOE")
    assert envoye["Action"].endswith(":verifierInsAvecTraitsIdentite")
