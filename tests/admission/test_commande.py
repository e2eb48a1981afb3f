import io
import json

import pytest
from django.core.management import CommandError, call_command

from admission.models import Importation
from dui.socle.models import Dossier
from tests.admission.fichiers import csv
from tests.admission.listes import HENRI, MARIE, TITRES
from tests.socle.factories import EtablissementFactory

FAUSSE = ["PETIT", "ANNE", "F", "31/02/1931", "69123"]


@pytest.fixture
def lancer(db, settings, tmp_path):
    """(code de sortie, sortie) de la commande sur une liste."""
    settings.MEDIA_ROOT = tmp_path / "documents"
    etablissement = EtablissementFactory()

    def executer(lignes, *options, titres=TITRES):
        fichier = tmp_path / "liste.csv"
        fichier.write_bytes(csv([titres, *lignes]).getvalue())
        sortie = io.StringIO()
        try:
            call_command(
                "importer_usagers",
                str(fichier),
                f"--etablissement={etablissement.finess}",
                *options,
                stdout=sortie,
            )
        except SystemExit as fin:
            return fin.code, sortie.getvalue()
        return 0, sortie.getvalue()

    return executer


def test_la_commande_importe_et_compte(lancer):
    code, sortie = lancer([MARIE, HENRI])
    assert code == 0
    assert "creees : 2" in sortie and "rejetees : 0" in sortie
    assert Dossier.objects.count() == 2


def test_une_ligne_fausse_donne_1_et_dit_pourquoi(lancer):
    code, sortie = lancer([MARIE, FAUSSE])
    assert code == 1
    assert "ligne 3, Date de naissance : Cette date n’existe pas dans le calendrier." in sortie
    assert not Dossier.objects.exists()


def test_les_lignes_valables_donnent_0(lancer):
    assert lancer([MARIE, FAUSSE], "--lignes-valables")[0] == 0
    assert Dossier.objects.count() == 1


def test_l_essai_en_json_n_ecrit_rien_et_ne_garde_pas_le_fichier(lancer):
    code, sortie = lancer([MARIE, FAUSSE], "--simulation", "--format=json")
    bilan = json.loads(sortie)
    assert (code, bilan["etat"], bilan["creees"], bilan["rejetees"]) == (0, "simulee", 1, 1)
    assert (bilan["rejets"][0]["ligne"], bilan["rejets"][0]["colonne"]) == (3, "Date de naissance")
    assert not Dossier.objects.exists()
    assert Importation.objects.get().etat == "annulee"


def test_une_correspondance_donnee_remplace_la_devinette(lancer, tmp_path):
    voulue = tmp_path / "colonnes.json"
    codes = ["nom_naissance", "prenoms", "sexe", "date_naissance", "cog_naissance"]
    voulue.write_text(json.dumps(dict(zip("ABCDE", codes, strict=True))))
    assert lancer([MARIE], f"--correspondance={voulue}", titres=list("ABCDE"))[0] == 0
    with pytest.raises(CommandError, match="Titres absents"):
        lancer([MARIE], f"--correspondance={voulue}")


def test_ce_qui_manque_est_dit(lancer, tmp_path):
    with pytest.raises(CommandError, match="Date de naissance"):
        lancer([["DURAND", "x"]], titres=["Nom", "Couleur"])
    with pytest.raises(CommandError, match="introuvable"):
        call_command("importer_usagers", "x.csv", etablissement="000000000")
    with pytest.raises(CommandError, match="vide"):
        vide = tmp_path / "vide.csv"
        vide.touch()
        finess = EtablissementFactory().finess
        call_command("importer_usagers", str(vide), etablissement=finess)


def test_le_compte_technique_ne_peut_pas_se_connecter(lancer):
    lancer([MARIE])
    compte = Importation.objects.get().compte
    assert compte.username == "ligne-de-commande" and not compte.has_usable_password()
