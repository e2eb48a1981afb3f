"""Le lecteur XML borné : ni type de document, ni entité, ni réseau, ni démesure."""

import pytest
from lxml import etree

from dui.connecteurs.lecture_xml import TAILLE_MAX, XMLRefuse, lire_xml, nom_local

BOMBE = b"""<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
FICHIER = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;</x>'
RESEAU = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'


@pytest.mark.parametrize(
    ("octets", "motif"),
    [
        (BOMBE, "doctype"),
        (FICHIER, "doctype"),
        (RESEAU, "doctype"),
        (b"<!DOCTYPE x><x/>", "doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"), "doctype"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE x+AD4-<x/>', "doctype"),
        (b"<x>&inconnue;</x>", "casse"),
        (b"<x>" * 300 + b"</x>" * 300, "casse"),
        (b"<x><y></x>", "casse"),
        (b"<x/><x/>", "casse"),
        (b"<x>", "casse"),
        (b"<x>\0</x>", "casse"),
        (b'<?xml version="1.0" encoding="inconnu"?><x/>', "casse"),
        (b"", "vide"),
        (b" \n", "vide"),
        (b"<x>" + b" " * TAILLE_MAX + b"</x>", "taille"),
    ],
)
def test_ce_qui_ne_se_lit_pas_dit_pourquoi(octets, motif):
    with pytest.raises(XMLRefuse) as refus:
        lire_xml(octets)
    assert refus.value.motif == motif


def test_un_document_ordinaire_se_lit_avec_ses_espaces_de_noms():
    racine = lire_xml(b'<a:x xmlns:a="u" xmlns="v"><y z="1">&lt;t&gt;</y></a:x>')
    assert (racine.tag, racine[0].tag, racine[0].get("z")) == ("{u}x", "{v}y", "1")
    assert (racine[0].text, nom_local(racine)) == ("<t>", "x")


def test_un_commentaire_ne_separe_pas_un_texte():
    assert lire_xml(b"<x>12<!-- -->34<?p?>56</x>").text == "123456"


def test_la_limite_est_celle_de_l_appelant():
    assert etree.tostring(lire_xml(b"<x/>", 4)) == b"<x/>"
    with pytest.raises(XMLRefuse):
        lire_xml(b"<x/>", 3)
