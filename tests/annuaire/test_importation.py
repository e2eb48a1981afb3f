"""L’import des extractions nationales : lire, rejeter, remplacer d’un coup, reprendre."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from dui.demonstration.annuaire import extraction
from dui.socle import codes
from dui.socle.annuaire import importation as moteur
from dui.socle.annuaire import tables
from dui.socle.annuaire.formats import Rejet, commune_de, reconnaitre
from dui.socle.annuaire.lecture import LIGNE_MAX, FichierRefuse, lignes, sources
from dui.socle.models import (
    BalAnnuaire,
    ExerciceAnnuaire,
    ImportAnnuaire,
    ProfessionnelAnnuaire,
    RejetAnnuaire,
    SourceAnnuaire,
    StructureAnnuaire,
)
from tests.annuaire.factories import (
    CABINET,
    EHPAD,
    activite,
    exercice,
    fichier,
    fichier_mssante,
    importer_tout,
)

pytestmark = pytest.mark.django_db
EXEMPLES = Path(__file__).parents[3] / "shared/data/annuaire/extractions"


def commander(*arguments, **options) -> str:
    sortie = io.StringIO()
    call_command("importer_annuaire", *map(str, arguments), stdout=sortie, **options)
    return sortie.getvalue()


# ------------------------------------------------------------------ what a file gives


def test_un_fichier_remplit_professionnels_exercices_structures_et_libelles(tmp_path):
    martin = activite(2, nom="MARTIN", prenom="JEANNE", structure=EHPAD, mode="S")
    dit = commander(fichier(tmp_path, activite(1), activite(1, structure=EHPAD), martin))
    assert "3 lignes retenues, 0 rejetées, 0 numéros" in dit
    assert ProfessionnelAnnuaire.objects.count() == 2
    lignes_ = list(ExerciceAnnuaire.objects.order_by("recherche", "structure"))
    assert [(x.recherche, x.structure) for x in lignes_] == [
        ("martin jeanne", "1990000028"),
        ("saucier arthur", "1990000028"),
        ("saucier arthur", "4C100"),
    ]
    lieu = StructureAnnuaire.objects.get(finess="990000028")
    assert (lieu.nom, lieu.adresse, lieu.lieu) == ("EHPAD LES TILLEULS", "12 RUE DU PORT", "saumur")
    assert codes.libelle("annuaire_profession", "10") == "Médecin"
    assert codes.libelle("annuaire_savoir_faire", "SM54") == "Médecine Générale"


def test_deux_lignes_identiques_n_en_font_qu_une(tmp_path):
    commander(fichier(tmp_path, activite(1), activite(1)))
    assert ExerciceAnnuaire.objects.count() == 1


def test_chaque_ligne_rejetee_dit_son_numero_et_sa_raison(tmp_path):
    bonne = extraction.ligne_activite(activite(3, nom="PETIT"))
    sans_nom = extraction.ligne_activite(activite(2, nom=""))
    controle = bonne.replace("PETIT", "PE\x07T")
    brut = f"trop court|8|\n{sans_nom}{'x' * (LIGNE_MAX + 500)}\n\n{controle}"
    chemin = fichier(tmp_path, activite(1), brut=brut)
    with chemin.open("ab") as flux:
        flux.write(extraction.ligne_activite(activite(4, nom="LEFÈVRE")).encode("latin-1"))
        flux.write(bonne.encode())
    dit = commander(chemin, rejets=tmp_path / "rejets.csv")
    attendus = [
        "ligne 3 : 56 colonnes attendues, 3 lues",
        "ligne 4 : nom d’exercice absent",
        "ligne 5 : ligne trop longue",
        "ligne 7 : caractère de contrôle",
        "ligne 8 : n’est pas en UTF-8",
    ]
    assert [str(r) for r in RejetAnnuaire.objects.all()] == attendus
    assert all(ligne in dit for ligne in attendus)
    assert "2 lignes retenues, 5 rejetées" in dit
    table = (tmp_path / "rejets.csv").read_text().splitlines()
    assert table[1] == f"{chemin.name};3;56 colonnes attendues, 3 lues" and len(table) == 6


def test_une_cle_rpps_fausse_se_compte_sans_rejeter(tmp_path):
    dit = commander(fichier(tmp_path, activite(1, rpps="10003461032")))
    assert "1 lignes retenues, 0 rejetées, 1 numéros RPPS à la clé douteuse" in dit


def test_les_adresses_mssante_se_rangent_par_personne_et_par_structure(tmp_path):
    a = activite(1)
    ecrire = extraction.ligne_mssante
    chemin = fichier_mssante(
        tmp_path,
        ecrire(adresse="Arthur.Saucier@medecin.mssante.fr", sorte="PER", activite=a),
        ecrire(adresse="secretariat@tilleuls.mssante.fr", sorte="ORG", structure=EHPAD),
        ecrire(adresse="secretariat@tilleuls.mssante.fr", sorte="ORG", structure=CABINET),
        ecrire(adresse="pas une adresse", sorte="PER", activite=a),
        ecrire(adresse="x@y.mssante.fr", sorte="ORG"),
        ecrire(adresse="x@y.mssante.fr", sorte="???", activite=a),
    )
    dit = commander(chemin)
    assert "3 lignes retenues, 3 rejetées" in dit
    assert BalAnnuaire.objects.get(idnps=a.idnps).adresse == "arthur.saucier@medecin.mssante.fr"
    partagee = BalAnnuaire.objects.filter(adresse="secretariat@tilleuls.mssante.fr")
    assert {b.structure for b in partagee} == {"1990000028", "4C100"}
    # Nobody is declared there: the structure is known by its address alone.
    assert StructureAnnuaire.objects.get(finess="990000028").nom == "EHPAD LES TILLEULS"


def test_une_structure_connue_par_son_adresse_seule_survit_a_la_nouvelle_copie(tmp_path):
    ligne = extraction.ligne_mssante(adresse="s@t.mssante.fr", sorte="ORG", structure=EHPAD)
    commander(fichier_mssante(tmp_path, ligne))
    commander(fichier(tmp_path, activite(1)))
    assert StructureAnnuaire.objects.filter(finess="990000028").exists()


@pytest.mark.skipif(not EXEMPLES.exists(), reason="../shared/data/annuaire n’est pas présent")
def test_les_extraits_types_se_lisent(tmp_path):
    dit = commander(*sorted(EXEMPLES.glob("*_sample.txt")))
    assert dit.count("rien à en prendre") == 2
    assert ExerciceAnnuaire.objects.filter(nom="D'HÉROUVILLE-MARTIN").get().structure == ""
    assert BalAnnuaire.objects.count() == 4
    assert RejetAnnuaire.objects.count() == 0


@pytest.mark.skipif(not EXEMPLES.exists(), reason="../shared/data/annuaire n’est pas présent")
def test_l_extraction_reservee_de_pro_sante_connect_se_reconnait_sans_libelles():
    titres = (EXEMPLES / "Extraction_ProSanteConnect_header.txt").read_text().strip().split("|")
    lecteur = reconnaitre([t for t in titres if t], "x")
    assert lecteur.format == "activites"
    assert "commune" not in lecteur.rangs


# ------------------------------------------------------------------ replace at once


def test_une_nouvelle_copie_remplace_l_ancienne_et_garde_ses_index(tmp_path):
    avant = _index()
    commander(fichier(tmp_path, activite(1), activite(2, nom="PARTI")))
    commander(fichier(tmp_path, activite(1), activite(3, nom="ARRIVÉ")))
    assert set(ExerciceAnnuaire.objects.values_list("nom", flat=True)) == {"SAUCIER", "ARRIVÉ"}
    assert _index() == avant
    with connection.cursor() as c:
        c.execute("SELECT count(*) FROM pg_class WHERE relname ~ '^annuaire_(tampon|.*_neuf)'")
        assert c.fetchone()[0] == 0


def _index():
    with connection.cursor() as c:
        c.execute(
            "SELECT tablename, indexname, indexdef FROM pg_indexes"
            " WHERE tablename LIKE 'annuaire_%' ORDER BY 1, 2"
        )
        return c.fetchall()


def test_un_fichier_bien_plus_court_est_refuse_et_rien_ne_change(tmp_path, settings):
    commander(fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(10))))
    court = fichier(tmp_path, *(activite(n, nom="COURT") for n in range(7)), nom="court.txt")
    with pytest.raises(CommandError, match=r"7 lignes, contre 10 .*--accepter-baisse"):
        commander(court)
    assert not ExerciceAnnuaire.objects.filter(nom="COURT").exists()
    source = SourceAnnuaire.objects.get(code="activites")
    assert source.echecs == 1 and "baisse" in source.motif and source.lignes == 10
    commander(court, accepter_baisse=True)
    assert ExerciceAnnuaire.objects.filter(nom="COURT").count() == 7
    assert SourceAnnuaire.objects.get(code="activites").echecs == 0


def test_le_seuil_de_baisse_est_un_reglage(tmp_path, settings):
    commander(fichier(tmp_path, *(activite(n) for n in range(10))))
    settings.ANNUAIRE_BAISSE_MAX = 30
    commander(fichier(tmp_path, *(activite(n) for n in range(7)), nom="court.txt"))
    assert ExerciceAnnuaire.objects.count() == 7


def test_un_fichier_partiel_ne_touche_que_ceux_qu_il_nomme(tmp_path):
    commander(
        fichier(tmp_path, activite(1), activite(1, structure=EHPAD), activite(2, nom="PETIT"))
    )
    change = activite(1, nom="SAUCIER-DUBOIS", structure=EHPAD)
    commander(fichier(tmp_path, change, nom="delta.txt"), delta=True)
    noms = sorted(ExerciceAnnuaire.objects.values_list("nom", "structure"))
    assert noms == [("PETIT", "4C100"), ("SAUCIER-DUBOIS", "1990000028")]
    assert ProfessionnelAnnuaire.objects.get(rpps=change.rpps).nom == "SAUCIER-DUBOIS"


def test_la_date_de_la_copie_est_celle_du_fichier_et_l_api_repart_d_avant(tmp_path):
    SourceAnnuaire.objects.create(code="api", donnees_du=datetime(2026, 11, 22, tzinfo=UTC))
    commander(fichier(tmp_path, activite(1), nom="PS_LibreAcces_202611200800.txt"))
    copie = SourceAnnuaire.objects.get(code="activites")
    assert copie.donnees_du == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert SourceAnnuaire.objects.get(code="api").donnees_du < copie.donnees_du


# ------------------------------------------------------------------ hostile files


def zipper(chemin: Path, **membres: bytes) -> Path:
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom.replace("__", "."), contenu)
    return chemin


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


# ------------------------------------------------------------------ stop and go on


def test_un_import_arrete_reprend_au_dernier_lot(tmp_path, settings, monkeypatch):
    settings.ANNUAIRE_LOT = 3
    chemin = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(1, 11)))
    vus = []

    class Arret(Exception):
        pass

    def avancer(a):
        vus.append(a.importation.ligne)
        if len(vus) == 2:
            raise Arret

    with pytest.raises(Arret):
        importer_tout(chemin, avancer=avancer)
    assert ImportAnnuaire.objects.get().retenues == 6
    assert not ExerciceAnnuaire.objects.exists()
    lues = []
    lire = moteur.Lecteur.lire
    monkeypatch.setattr(moteur.Lecteur, "lire", lambda s, b: lues.append(b) or lire(s, b))
    [fait] = importer_tout(chemin)
    assert len(lues) == 4  # not from the beginning
    assert (fait.reprises, fait.retenues, fait.ligne) == (1, 10, 11)
    assert ExerciceAnnuaire.objects.count() == 10


def test_un_zip_arrete_reprend_aussi(tmp_path, settings):
    settings.ANNUAIRE_LOT = 3
    contenu = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(1, 11))).read_bytes()
    chemin = zipper(tmp_path / "ps.zip", ps__txt=contenu)
    with pytest.raises(ZeroDivisionError):
        importer_tout(chemin, avancer=lambda a: 1 / (a.importation.ligne < 6))
    [fait] = importer_tout(chemin)
    assert fait.reprises == 1 and ExerciceAnnuaire.objects.count() == 10


def test_un_tampon_perdu_fait_tout_relire(tmp_path, settings):
    """UNLOGGED : la chute du serveur de base de données le vide."""
    settings.ANNUAIRE_LOT = 3
    chemin = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(1, 11)))
    with pytest.raises(ZeroDivisionError):
        importer_tout(chemin, avancer=lambda a: 1 / (a.importation.ligne < 6))
    with connection.cursor() as c:
        c.execute(f"TRUNCATE {tables.tampon('activites')}")
    [fait] = importer_tout(chemin)
    assert fait.reprises == 0 and ExerciceAnnuaire.objects.count() == 10
    assert ImportAnnuaire.objects.filter(etat="abandonne").count() == 1


def test_arrete_pendant_la_construction_il_ne_relit_pas_le_fichier(tmp_path, monkeypatch):
    chemin = fichier(tmp_path, activite(1))
    with monkeypatch.context() as m:
        m.setattr(tables, "construire", lambda f: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            importer_tout(chemin)
    monkeypatch.setattr(moteur, "_lire", lambda *a: pytest.fail("relu"))
    importer_tout(chemin)
    assert ExerciceAnnuaire.objects.count() == 1


def test_un_autre_fichier_abandonne_celui_qui_attendait(tmp_path, settings):
    settings.ANNUAIRE_LOT = 2
    ancien = fichier(tmp_path, *(activite(n) for n in range(9)), nom="ancien.txt")
    with pytest.raises(ZeroDivisionError):
        importer_tout(ancien, avancer=lambda a: 1 / 0)
    importer_tout(fichier(tmp_path, activite(40, nom="NEUF"), nom="neuf.txt"))
    assert ExerciceAnnuaire.objects.get().nom == "NEUF"
    assert [i.etat for i in ImportAnnuaire.objects.order_by("pk")] == ["abandonne", "publie"]


@pytest.mark.django_db(transaction=True)
def test_deux_imports_a_la_fois_le_second_attend_son_tour(tmp_path):
    autre = connections.create_connection("default")
    try:
        with autre.cursor() as c:
            c.execute("SELECT pg_advisory_lock(%s)", [tables.VERROU])
        with pytest.raises(CommandError, match="en cours"):
            commander(fichier(tmp_path, activite(1)))
    finally:
        autre.close()


@pytest.mark.lent
@pytest.mark.django_db(transaction=True)
def test_tue_net_il_reprend_et_la_copie_reste_cherchable(tmp_path):
    """`kill -9` de l’import, dans son propre processus."""
    commander(fichier(tmp_path, activite(1, nom="AVANT")))
    chemin = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(3_000)), nom="grand.txt")
    nom = connection.settings_dict["NAME"]
    programme = (
        "import django, time; django.setup()\n"
        "from django.conf import settings; settings.ANNUAIRE_LOT = 100\n"
        "from django.db import connection\n"
        f"connection.settings_dict['NAME'] = {nom!r}\n"
        "from pathlib import Path\n"
        "from tests.annuaire.factories import importer_tout\n"
        f"importer_tout(Path({str(chemin)!r}), avancer=lambda a: time.sleep(0.05))\n"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "dui.settings"}
    processus = subprocess.Popen([sys.executable, "-c", programme], env=env)
    _attendre(lambda: ImportAnnuaire.objects.filter(retenues__gte=500).exists())
    processus.send_signal(signal.SIGKILL)
    processus.wait()
    connection.close()
    assert ExerciceAnnuaire.objects.get().nom == "AVANT"
    arrete = ImportAnnuaire.objects.get(etat="en_cours")
    _attendre(_libre)
    [fait] = importer_tout(chemin)
    assert (fait.pk, fait.reprises, fait.retenues) == (arrete.pk, 1, 3_000)
    assert ExerciceAnnuaire.objects.count() == 3_000


def _libre() -> bool:
    """The server has noticed that the dead command let go of its lock."""
    with connection.cursor() as c:
        c.execute("SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')")
        return c.fetchone()[0]


def _attendre(condition, secondes=30):
    limite = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < limite
        time.sleep(0.05)
