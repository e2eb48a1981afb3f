"""Une définition fausse n’entre pas ; un fichier se lit entier ou dit pourquoi."""

import copy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.fichiers import FichierRefuse, evaluer_fichier
from accompagnement.evaluations.moteur import ReponsesRefusees, evaluer
from accompagnement.evaluations.moteur.definitions import DefinitionInvalide, lire
from accompagnement.evaluations.moteur.pathos import (
    SANS_TABLE,
    TableRefusee,
    lire_table,
    verifier,
)

PATHOS = catalogue.definition("pathos")
TABLE = """numero;domaine;libelle;profils_autorises;version_guide
13;Neuropsychiatrie;Syndrome confusionnel aigu;T2|P1|S1;2017
21;Autres;Anémies;S1|DG;2017
"""


def norton(**champs):
    return copy.deepcopy(dict(catalogue.definition("norton").brut)) | champs


def test_chaque_definition_livree_dit_sa_source_sa_licence_et_sa_version():
    for definition in catalogue.toutes().values():
        assert definition.brut["source"] and definition.brut["licence"]["statut"]
        assert definition.version


def _sans_licence(brut):
    del brut["licence"]


def _item_en_double(brut):
    brut["items"].append(brut["items"][0])


def _trou(brut):
    brut["bandes"][0]["max"] -= 1


def _bornes(brut):
    brut["score"]["max"] = 21
    brut["bandes"][-1]["max"] = 21


def _moteur(brut):
    brut["moteur"] = "magie"


def _points(brut):
    brut["items"][0]["options"][0]["points"] = "beaucoup"


def _renvoi(brut):
    brut["sous_scores"] = [{"code": "x", "libelle": "X", "items": ["absent"], "max": 4}]


def _operateur(brut):
    brut["alertes"][0]["operateur"] = "=~"


@pytest.mark.parametrize(
    ("abimer", "faute"),
    [
        (_sans_licence, "« licence » manque"),
        (_item_en_double, "items en double"),
        (_trou, "trou ou recouvrement"),
        (_bornes, "annoncées 5 à 21"),
        (_moteur, "moteur inconnu"),
        (_points, "illisible"),
        (_renvoi, "item inconnu : absent"),
        (_operateur, "alerte inconnue"),
    ],
)
def test_une_definition_abimee_est_refusee_avec_sa_faute(abimer, faute):
    brut = norton()
    abimer(brut)

    with pytest.raises(DefinitionInvalide, match=faute):
        lire(brut)


def test_une_echelle_protegee_qui_embarque_des_items_est_refusee():
    brut = copy.deepcopy(dict(catalogue.definition("braden").brut))
    brut["items"] = norton()["items"]

    with pytest.raises(DefinitionInvalide, match="n’embarque aucun item"):
        lire(brut)


def test_un_algorithme_aggir_incomplet_est_refuse():
    brut = copy.deepcopy(dict(catalogue.definition("aggir").brut))
    brut["algorithme"]["groupes"][2]["C"].pop()

    with pytest.raises(DefinitionInvalide, match="groupe C : 8 coefficients"):
        lire(brut)


# ---------------------------------------------------------------- files


def passer(code, texte):
    sortie = StringIO(newline="")
    bilan = evaluer_fichier(catalogue.definition(code), StringIO(texte), sortie)
    return bilan, sortie.getvalue().splitlines()


def test_le_fichier_sort_avec_ses_colonnes_et_les_resultats():
    bilan, lignes = passer("en", "cas,intensite\nA,0\nB,8\nC,\n")

    assert lignes[0].startswith("cas,intensite,resultat_score")
    assert lignes[1].startswith("A,0,0,")
    assert "Douleur forte" in lignes[2]
    assert lignes[3].startswith("C,,,")  # unanswered: no score, never zero
    assert (bilan.lignes, bilan.erreurs) == (3, [])


def test_une_ligne_fausse_est_dite_et_les_autres_passent():
    bilan, lignes = passer("en", "\ufeffcas;intensite\r\nA;12\r\nB\r\nC;3\r\n")

    assert bilan.erreurs[0] == "ligne 2 : intensite : de 0 à 10"
    assert bilan.erreurs[1] == "ligne 3 : 1 colonnes, 2 attendues"
    assert "Douleur faible" in lignes[3]


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ("", "vide"),
        ("nom,prenom\nA,B\n", "aucune colonne de la grille"),
        ("intensite,intensite\n1,2\n", "même titre"),
        ("intensite,resultat_score\n1,2\n", "réservées"),
    ],
)
def test_un_fichier_qui_ne_convient_pas_est_refuse(texte, faute):
    with pytest.raises(FichierRefuse, match=faute):
        passer("en", texte)


def test_la_commande_evalue_un_fichier(tmp_path):
    fichier, sortie, dits = tmp_path / "cas.csv", StringIO(), StringIO()
    fichier.write_text("intensite,score\n4,4\n", encoding="utf-8")

    call_command("evaluer", "en", csv=fichier, stdout=sortie, stderr=dits)

    assert "Douleur modérée" in sortie.getvalue()
    assert "0 différence" in dits.getvalue()


def test_la_commande_dit_ce_qui_ne_va_pas(tmp_path):
    fichier = tmp_path / "cas.csv"
    with pytest.raises(CommandError, match="Grille inconnue"):
        call_command("evaluer", "tarot", csv=fichier)
    with pytest.raises(CommandError, match="--csv"):
        call_command("evaluer", "en")
    with pytest.raises(CommandError, match=r"cas\.csv"):
        call_command("evaluer", "en", csv=fichier)
    fichier.write_bytes("intensité\n4\n".encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("evaluer", "en", csv=fichier)
    fichier.write_text("intensite,score\n4,5\n", encoding="utf-8")
    with pytest.raises(CommandError, match="diffèrent"):
        call_command("evaluer", "en", csv=fichier, stdout=StringIO(), stderr=StringIO())


# ---------------------------------------------------------------- PATHOS


def table(texte=TABLE):
    profils = [p["code"] for p in PATHOS.brut["profils"]]
    return {e.numero: e for e in lire_table(texte.splitlines(), profils)}


def test_un_couple_de_la_table_passe_et_aucun_pmp_n_est_calcule():
    resultat = evaluer(PATHOS, {"1.etat": "13", "1.profil": "T2"})

    assert verifier(resultat, table()) == ""
    assert (resultat.complet, resultat.score) == (True, None)
    assert resultat.conclusion == "1 couple état et profil"


@pytest.mark.parametrize(
    ("etat", "profil", "faute"),
    [("13", "R1", "n’est pas permis"), ("99", "T2", "absent de la table")],
)
def test_un_couple_hors_de_la_table_est_refuse(etat, profil, faute):
    resultat = evaluer(PATHOS, {"1.etat": etat, "1.profil": profil})

    with pytest.raises(ReponsesRefusees, match=faute):
        verifier(resultat, table())


def test_sans_table_un_couple_est_garde_avec_un_avertissement():
    resultat = evaluer(PATHOS, {"1.etat": "13", "1.profil": "R1"})

    assert verifier(resultat, {}) == SANS_TABLE


def test_un_couple_a_moitie_saisi_est_incomplet():
    assert evaluer(PATHOS, {"1.etat": "13"}).manquants == ("1.profil",)
    with pytest.raises(ReponsesRefusees, match="profil inconnu"):
        evaluer(PATHOS, {"1.etat": "13", "1.profil": "Z9"})
    with pytest.raises(ReponsesRefusees, match="déjà coté"):
        evaluer(PATHOS, {"1.etat": "13", "1.profil": "T2", "2.etat": "13", "2.profil": "S1"})


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ("numero;libelle\n1;x\n", "colonnes absentes"),
        (TABLE + "13;x;Double;S1;2017\n", "état 13 en double"),
        (TABLE + "14;x;Autre;S1|ZZ;2017\n", "ligne 4 : profils inconnus : ZZ"),
        (TABLE + "14;x;Autre;;2017\n", "profils et version"),
        (TABLE + "abc;x;Autre;S1;2017\n", "numéro et libellé"),
        (TABLE.splitlines()[0], "aucun état"),
    ],
)
def test_une_table_fausse_est_refusee_par_ligne(texte, faute):
    with pytest.raises(TableRefusee, match=faute):
        table(texte)
