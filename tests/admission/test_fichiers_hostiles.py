"""Each hostile file is refused in French, quickly and without growing the process."""

import io
import os
import time
import tracemalloc
import zipfile

import pytest

from admission.importation.lecture import (
    COLONNES_MAXIMALES,
    LIGNES_MAXIMALES,
    TAILLE_MAXIMALE,
    ouvrir,
)
from admission.importation.refus import FichierRefuse
from tests.admission import fichiers
from tests.admission.fichiers import LIGNE, TITRES, csv, feuille_brute, reecrire, xlsx

MEMOIRE_MAXIMALE = 60 * 2**20
DUREE_MAXIMALE = 10  # of processor, memory being traced; without the tracing, less than 2 s


def refus(fichier):
    """The refusal; checks time and memory on the way."""
    debut = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(FichierRefuse) as attrape:
            for _ in ouvrir(fichier).lignes():
                pass
        pic = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pic < MEMOIRE_MAXIMALE, f"{pic / 2**20:.0f} Mio"
    assert time.process_time() - debut < DUREE_MAXIMALE
    assert attrape.value.que_faire.endswith(".")
    return attrape.value.message


def test_un_fichier_vide():
    assert "vide" in refus(io.BytesIO())
    assert "vide" in refus(io.BytesIO(b"\r\n \r\n"))
    assert "vide" in refus(xlsx([]))


def test_un_fichier_de_1_go_est_refuse_sans_etre_lu(tmp_path):
    chemin = tmp_path / "liste.csv"
    with chemin.open("wb") as fichier:
        fichier.truncate(2**30)
    with chemin.open("rb") as fichier:
        assert refus(fichier) == "Le fichier dépasse 25 Mo."
        assert fichier.tell() == 2**30  # only the end was looked for


@pytest.mark.lent
def test_une_bombe_qui_avoue_sa_taille():
    assert "démesuré" in refus(fichiers.bombe_declaree())


@pytest.mark.lent
def test_une_bombe_qui_cache_sa_taille():
    assert "abîmé" in refus(fichiers.bombe_menteuse())


def test_une_archive_de_cent_mille_entrees():
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        for i in range(3_000):
            archive.writestr(f"{i}", b"")
    assert "démesuré" in refus(sortie)


@pytest.mark.lent
@pytest.mark.parametrize(
    "corps",
    [
        (b"<row>" + b"<c/>" * 1000 + b"</row>") * 30_000,
        (b"<row>" + b'<c r="A1"/>' * 20_000 + b"</row>"),
        b"<row/>" * 250_000,
        b"<c/>" * 2_000_000,
    ],
    ids=["trente millions de cellules", "une rangée sans fin", "rangées vides", "hors rangée"],
)
def test_une_feuille_demesuree_et_vide(corps):
    assert "démesuré" in refus(feuille_brute(corps))


ENTITES = b"""<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
EXTERNE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETRE = b'<!DOCTYPE w [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]>'


@pytest.mark.parametrize("prologue", [ENTITES, EXTERNE, PARAMETRE])
def test_des_entites_xml_dans_la_feuille(prologue):
    corps = b'<row r="1"><c t="inlineStr"><is><t>&x;</t></is></c></row>'
    assert "XML interdites" in refus(feuille_brute(corps, prologue=prologue))


@pytest.mark.parametrize("partie", ["xl__workbook.xml", "xl__styles.xml", "_rels__.rels"])
def test_des_entites_xml_dans_une_autre_partie(partie):
    assert "XML interdites" in refus(reecrire(xlsx([TITRES]), **{partie: ENTITES + b"<x/>"}))


@pytest.mark.lent
def test_une_balise_de_vingt_mega_octets():
    assert "abîmé" in refus(feuille_brute(b'<row a="' + os.urandom(10 * 2**20).hex().encode()))


def test_dix_millions_de_noms_de_balises():
    corps = b"".join(b"<n%d/>" % i for i in range(200_000))
    assert "abîmé" in refus(feuille_brute(corps))


def test_des_balises_imbriquees_sans_fin():
    assert "abîmé" in refus(feuille_brute(b"<a>" * 1_000_000))


def test_trois_cents_colonnes():
    large = [f"Colonne {i}" for i in range(300)]
    assert f"plus de {COLONNES_MAXIMALES} colonnes" in refus(csv([large, large]))
    assert f"plus de {COLONNES_MAXIMALES} colonnes" in refus(xlsx([large]))


def test_trop_de_lignes():
    trop = csv([TITRES] + [LIGNE] * (LIGNES_MAXIMALES + 1))
    assert "plus de 50000 lignes" in refus(trop)


def test_un_classeur_protege_par_mot_de_passe():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert "mot de passe" in refus(io.BytesIO(ole + "EncryptedPackage".encode("utf-16-le")))
    assert "ancien format" in refus(io.BytesIO(ole))


def test_une_archive_chiffree():
    octets = bytearray(xlsx([TITRES]).getvalue())
    central = octets.find(b"PK\x01\x02")
    octets[central + 8] |= 1
    assert "mot de passe" in refus(io.BytesIO(bytes(octets)))


def test_un_classeur_avec_macros():
    assert "macros" in refus(reecrire(xlsx([TITRES]), **{"xl__vbaProject.bin": b"x"}))


def test_un_classeur_libreoffice():
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert "LibreOffice" in refus(sortie)


def test_une_archive_qui_n_est_pas_un_classeur():
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert "pas un classeur" in refus(sortie)


@pytest.mark.parametrize(
    "octets, mot",
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
        (b"<html><table><tr><td>DURAND</td></tr></table></html>", "page web"),
        (b"\x1f\x8b\x08" + b"\0" * 50, "archive"),
        (os.urandom(5000).replace(b"\0", b"\1"), "ni un texte ni un classeur"),
        (b"MZ" + b"\0\1\2\3" * 500, "ni un texte ni un classeur"),
        (b"PK\x03\x04" + b"n'importe quoi" * 10, "abîmé"),
        (b"\xef\xbb\xbfNom;Pr\xe9nom\r\n", "abîmé"),
        ("Nom;Prénom\r\n".encode() + b"LEF\xc8VRE;Zo\xe9\r\n", "deux encodages"),
        (b'Nom;Note\r\nDURAND;"' + b"a" * 200_000, "abîmé"),
    ],
)
def test_ce_qui_n_est_pas_une_liste(octets, mot):
    if octets.startswith(b"Nom;Note"):
        with pytest.raises(FichierRefuse):
            list(ouvrir(io.BytesIO(octets)).lignes())
    else:
        assert mot in refus(io.BytesIO(octets))


def test_un_classeur_tronque():
    octets = xlsx([TITRES, LIGNE]).getvalue()
    assert "abîmé" in refus(io.BytesIO(octets[: len(octets) // 2]))


def test_un_classeur_dont_une_partie_est_alteree():
    octets = bytearray(feuille_brute(b"<row><c><v>1</v></c></row>" * 2000).getvalue())
    position = octets.find(b"sheet1.xml") + 60
    for i in range(40):
        octets[position + i] ^= 0xFF
    assert "abîmé" in refus(io.BytesIO(bytes(octets)))


def test_une_reference_de_texte_partage_hors_du_classeur():
    assert "abîmé" in refus(feuille_brute(b'<row><c t="s"><v>99999999</v></c></row>'))


def test_la_limite_de_taille_est_celle_qui_est_annoncee():
    assert TAILLE_MAXIMALE == 25 * 2**20
