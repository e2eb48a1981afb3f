"""L’import des extractions nationales : lire, rejeter, remplacer d’un coup."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from dui.demonstration.annuaire import extraction
from dui.socle import codes
from dui.socle.annuaire.formats import reconnaitre
from dui.socle.annuaire.lecture import LIGNE_MAX
from dui.socle.models import (
    BalAnnuaire,
    ExerciceAnnuaire,
    ProfessionnelAnnuaire,
    RejetAnnuaire,
    SourceAnnuaire,
    StructureAnnuaire,
)
from tests.annuaire.factories import CABINET, EHPAD, activite, commander, fichier, fichier_mssante

pytestmark = pytest.mark.django_db
EXEMPLES = Path(__file__).parents[3] / "shared/data/annuaire/extractions"
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
