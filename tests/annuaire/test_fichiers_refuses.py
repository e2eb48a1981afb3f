"""Ce que l’import refuse de lire, et pourquoi ; le zip publié, lui, se lit tel quel."""

import io

import pytest
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from dui.demonstration.annuaire import extraction
from dui.socle.annuaire.formats import Rejet, commune_de, reconnaitre
from dui.socle.annuaire.lecture import FichierRefuse, lignes, sources
from dui.socle.models import BalAnnuaire, ExerciceAnnuaire, ImportAnnuaire, RejetAnnuaire
from tests.annuaire.factories import activite, commander, exercice, fichier, zipper

pytestmark = pytest.mark.django_db


def test_le_zip_publie_se_lit_tel_quel(tmp_path):
    contenu = fichier(tmp_path, activite(1)).read_bytes()
    autre = extraction.entete_mssante().encode()
    ligne = extraction.ligne_mssante(adresse="a@b.fr", sorte="PER", activite=activite(1)).encode()
    chemin = zipper(tmp_path / "ps.zip", ps__txt=contenu, bal__txt=autre + ligne, lisez__md=b"x")
    commander(chemin)
    assert ExerciceAnnuaire.objects.count() == BalAnnuaire.objects.count() == 1


@pytest.mark.parametrize(
    ("contenu", "motif"),
    [
        (b"", "ni en-tête ni lignes"),
        (b"x" * 40_000, "ni en-tête ni lignes"),
        ("Prénom|Nom\n".encode("latin-1"), "pas en UTF-8"),
        (b"a,b,c\n1,2,3\n", "séparées par"),
        (b"a|b|c\n1|2|3\n", "colonnes inconnues"),
    ],
)
def test_un_fichier_qui_n_en_est_pas_un_est_refuse_avec_sa_raison(tmp_path, contenu, motif):
    (tmp_path / "x.txt").write_bytes(contenu)
    with pytest.raises(CommandError, match=motif):
        commander(tmp_path / "x.txt")
    assert not ImportAnnuaire.objects.exists()


def test_un_fichier_sans_une_ligne_lisible_ne_vide_pas_l_annuaire(tmp_path):
    exercice()
    with pytest.raises(CommandError, match="aucune ligne lisible"):
        commander(fichier(tmp_path, brut="n’importe quoi\n"))
    assert ExerciceAnnuaire.objects.count() == 1


def test_une_archive_hostile_est_refusee(tmp_path):
    bombe = zipper(tmp_path / "bombe.zip", ps__txt=b"0" * 5_000_000)
    with pytest.raises(CommandError, match="compression anormale"):
        commander(bombe)
    with pytest.raises(CommandError, match=r"aucun fichier \.txt"):
        commander(zipper(tmp_path / "vide.zip", a__md=b"x"))
    with pytest.raises(CommandError, match="illisible"):
        commander(tmp_path / "absent.txt")
    entier = zipper(tmp_path / "ps.zip", ps__txt=fichier(tmp_path, activite(1)).read_bytes())
    brut = bytearray(entier.read_bytes())
    brut[120:140] = b"\xff" * 20
    (tmp_path / "abime.zip").write_bytes(brut)
    with pytest.raises(CommandError, match="abîmée"):
        commander(tmp_path / "abime.zip")


def test_un_fichier_trop_gros_n_est_pas_lu(tmp_path):
    with pytest.raises(FichierRefuse, match="plus de 0 Mo"):
        sources(fichier(tmp_path, activite(1)), taille_max=100)


def test_trop_de_lignes_illisibles_refusent_le_fichier(tmp_path, settings):
    exercice()
    settings.ANNUAIRE_REJETS_MAX, settings.ANNUAIRE_LOT = 10, 5
    with pytest.raises(CommandError, match="Plus de 10 lignes illisibles"):
        commander(fichier(tmp_path, activite(1), brut="x|y\n" * 40), rejets=tmp_path / "rejets.csv")
    assert "56 colonnes attendues" in (tmp_path / "rejets.csv").read_text()
    assert ExerciceAnnuaire.objects.count() == 1
    assert RejetAnnuaire.objects.count() < 20


@given(st.binary(max_size=400))
def test_aucune_suite_d_octets_ne_casse_la_lecture_d_une_ligne(octets):
    lecteur = reconnaitre(list(extraction.TITRES_ACTIVITES), "x")
    for _, _, brut in lignes(io.BytesIO(octets), position=0, numero=1):
        with pytest.raises(Rejet):
            lecteur.lire(brut)


@given(st.lists(st.binary(max_size=30), max_size=8))
def test_la_position_lue_est_toujours_celle_du_fichier(morceaux):
    flux = io.BytesIO(b"\n".join(morceaux))
    positions = [position for _, position, _ in lignes(flux, position=0, numero=0)]
    assert positions == sorted(positions)
    assert (positions[-1] if positions else 0) == len(flux.getvalue())


@pytest.mark.parametrize(
    ("acheminement", "commune"),
    [("63000 CLERMONT FERRAND", "CLERMONT FERRAND"), ("49403 SAUMUR CEDEX 1", "SAUMUR"), ("", "")],
)
def test_la_commune_se_lit_dans_l_acheminement(acheminement, commune):
    assert commune_de(acheminement) == commune
