"""AGGIR : le guide de 2008, l’annexe 2-2, et les erreurs connues d’autres programmes."""

import copy
from io import StringIO
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accompagnement.evaluations.fichiers import evaluer_fichier
from accompagnement.evaluations.moteur import ReponsesRefusees, evaluer
from accompagnement.evaluations.moteur.aggir import classer, combiner
from tests.evaluations.outils import (
    AGGIR,
    ALGORITHME,
    CALCUL,
    PARTAGE,
    adverbes,
    avec_les_fichiers_partages,
    combinaisons,
    fichier_aggir,
    gir,
    lettres,
    rangs_attendus,
)

VARIABLES = {v["code"]: v for v in AGGIR.brut["variables"]}
TOUT_A = lettres("AAAAAAAA")


# ---------------------------------------------------------------- the 6,561 combinations


@pytest.mark.lent
def test_les_6561_combinaisons_donnent_le_rang_publie():
    sortie = StringIO(newline="")
    bilan = evaluer_fichier(AGGIR, fichier_aggir(), sortie)

    assert bilan.lignes == 6561
    assert bilan.comparees == ("rang", "gir")
    assert (bilan.erreurs, bilan.differences) == ([], [])


@pytest.mark.lent
@avec_les_fichiers_partages
def test_le_fichier_publie_passe_sans_difference():
    with (PARTAGE / "aggir" / "vectors.csv").open(encoding="utf-8", newline="") as source:
        bilan = evaluer_fichier(AGGIR, source, StringIO(newline=""))

    assert bilan.comparees == ("groupe", "total_groupe", "rang", "gir")
    assert (bilan.lignes, bilan.erreurs, bilan.differences) == (6561, [], [])


def test_un_rang_attendu_faux_est_une_difference_dite():
    source = StringIO("\n".join([",".join([*CALCUL, "gir"]), "C,C,C,C,C,C,C,C,2"]))

    bilan = evaluer_fichier(AGGIR, source, StringIO())

    assert bilan.differences == ["ligne 2 : gir 1, 2 attendu"]


def test_la_repartition_des_gir_est_celle_du_texte():
    compte = [0] * 7
    for rang in _rangs(ALGORITHME):
        compte[ALGORITHME["rang_vers_gir"][str(rang)]] += 1

    assert compte[1:] == [8, 3208, 2400, 760, 157, 28]


def test_trente_aggravations_ameliorent_le_gir_et_c_est_le_reglement():
    girs = {
        c: ALGORITHME["rang_vers_gir"][str(rang)]
        for c, rang in zip(combinaisons(), _rangs(ALGORITHME), strict=True)
    }
    pas = [
        (girs[c], girs[(*c[:i], pire, *c[i + 1 :])])
        for c in girs
        for i, lettre in enumerate(c)
        for pire in {"A": "B", "B": "C"}.get(lettre, "")
    ]

    assert len(pas) == 34992
    assert sum(apres > avant for avant, apres in pas) == 30


def _rangs(algorithme):
    return [classer(algorithme, dict(zip(CALCUL, c, strict=True)))[0] for c in combinaisons()]


def _differences(modifier) -> tuple[int, int]:
    """(ranks, GIR) that another reading of the tables would change."""
    autre = copy.deepcopy(dict(ALGORITHME))
    modifier({g["groupe"]: g for g in autre["groupes"]})
    vers = ALGORITHME["rang_vers_gir"]
    paires = [p for p in zip(rangs_attendus(), _rangs(autre), strict=True) if p[0] != p[1]]
    return len(paires), sum(vers[str(a)] != vers[str(b)] for a, b in paires)


# ---------------------------------------------------------------- the six known errors of others

INTERIEUR, TRANSFERTS, COHERENCE = 7, 6, 0


def test_erreur_connue_1_alimentation_ac_et_ca_sont_b_et_non_c():
    assert combiner(VARIABLES["alimentation"], ["A", "C"]) == "B"
    assert combiner(VARIABLES["alimentation"], ["C", "A"]) == "B"


def test_erreur_connue_1_alimentation_b_ou_c_change_1084_gir_sur_2187():
    vers = ALGORITHME["rang_vers_gir"]
    rangs = dict(zip(combinaisons(), rangs_attendus(), strict=True))
    place = CALCUL.index("alimentation")
    contextes = [c for c in rangs if c[place] == "B"]

    changes = sum(
        vers[str(rangs[c])] != vers[str(rangs[(*c[:place], "C", *c[place + 1 :])])]
        for c in contextes
    )

    assert (changes, len(contextes)) == (1084, 2187)


def test_erreur_connue_2_groupe_g_deplacements_a_zero_changerait_82_rangs_et_aucun_gir():
    def modifier(groupes):
        assert groupes["G"]["C"][INTERIEUR] == 200
        groupes["G"]["C"][INTERIEUR] = 0

    assert _differences(modifier) == (82, 0)


@pytest.mark.parametrize("variable", CALCUL)
def test_erreur_connue_3_une_variable_sans_reponse_n_est_jamais_un_c(variable):
    reponses = {c: m for c, m in lettres("CCCCCCCC").items() if c != variable}

    resultat = evaluer(AGGIR, reponses)

    assert (resultat.complet, resultat.score) == (False, None)
    assert resultat.manquants[0] == variable


def test_erreur_connue_4_groupe_d_les_b_ne_sont_pas_decales():
    par_variable = dict(zip(CALCUL, _groupe("D")["B"], strict=True))

    assert {c: p for c, p in par_variable.items() if p} == {
        "alimentation": 200,
        "elimination": 200,
        "transferts": 200,
    }
    rangs, _ = _differences(lambda g: g["D"].update(B=[0, 0, 0, 200, 200, 200, 0, 0]))
    assert rangs > 0


def test_erreur_connue_5_un_seuil_atteint_juste_est_atteint():
    rang, gir_, groupes = classer(ALGORITHME, lettres("AABBAAAA"))

    assert (groupes[-1].total, groupes[-1].seuil) == (4000, 4000)
    assert (rang, gir_) == (11, 4)


def test_erreur_connue_6_groupe_f_decale_du_decret_de_1997_changerait_266_gir():
    def modifier(groupes):
        assert groupes["F"]["C"][INTERIEUR] == 200
        assert groupes["F"]["B"][COHERENCE] == 100
        groupes["F"]["C"][INTERIEUR] = 500
        groupes["F"]["B"][COHERENCE] = 0

    assert _differences(modifier)[1] == 266


def test_groupe_h_transferts_c_1000_est_garde_le_corriger_changerait_21_gir():
    def modifier(groupes):
        assert groupes["H"]["C"][TRANSFERTS] == 1000 < groupes["H"]["B"][TRANSFERTS]
        groupes["H"]["C"][TRANSFERTS] = 3000

    assert _differences(modifier)[1] == 21


def _groupe(lettre):
    return next(g for g in ALGORITHME["groupes"] if g["groupe"] == lettre)


# ---------------------------------------------------------------- sub-variables

TABLE = {
    "coherence": ("AA", {"AC", "CA", "BC", "CB", "CC"}),
    "orientation": ("AA", {"AC", "CA", "BC", "CB", "CC"}),
    "elimination": ("AA", {"AC", "CA", "BC", "CB", "CC"}),
    "toilette": ("AA", {"CC"}),
    "habillage": ("AAA", {"CCC"}),
    "alimentation": ("AA", {"CC", "BC", "CB"}),
}


@pytest.mark.parametrize("variable", TABLE)
def test_chaque_combinaison_de_sous_variables_suit_le_guide(variable):
    tout_a, des_c = TABLE[variable]
    for parties in map("".join, product("ABC", repeat=len(tout_a))):
        attendue = "A" if parties == tout_a else "C" if parties in des_c else "B"
        assert combiner(VARIABLES[variable], list(parties)) == attendue, parties


def test_l_habillage_se_code_par_ses_trois_parties():
    parties = {"habillage.haut": "A", "habillage.moyen": "B", "habillage.bas": "C"}
    autres = {c: "A" for c in CALCUL if c != "habillage"}

    assert evaluer(AGGIR, autres | parties).detail["modalites"]["habillage"] == "B"


def test_une_sous_variable_inconnue_laisse_la_variable_sans_code():
    autres = {c: "A" for c in CALCUL if c != "toilette"}

    assert evaluer(AGGIR, autres | {"toilette.haut": "C"}).manquants[0] == "toilette"


# ---------------------------------------------------------------- adverbs


@pytest.mark.parametrize(
    ("quatre", "attendue"),
    [("oooo", "A"), ("nnnn", "C"), ("onnn", "B"), ("oonn", "B"), ("ooon", "B"), ("nooo", "B")],
)
def test_quatre_adverbes_font_une_lettre(quatre, attendue):
    resultat = evaluer(AGGIR, adverbes("transferts", quatre))

    assert resultat.detail["modalites"] == {"transferts": attendue}


def test_ne_fait_pas_est_c_sans_aucun_adverbe():
    resultat = evaluer(AGGIR, {"transferts.non": "oui"})

    assert resultat.detail["modalites"] == {"transferts": "C"}


@pytest.mark.parametrize("absent", "STCH")
def test_un_adverbe_sans_reponse_laisse_la_variable_sans_code(absent):
    reponses = adverbes("transferts", "nnnn")
    del reponses[f"transferts.{absent}"]
    autres = {c: "A" for c in CALCUL if c != "transferts"}

    resultat = evaluer(AGGIR, autres | reponses | {"transferts.non": "non"})

    assert not resultat.complet
    assert "transferts" in resultat.manquants


@pytest.mark.parametrize(
    ("reponses", "faute"),
    [
        ({"transferts": "D"}, "« D »"),
        ({"transferts.S": "peut-être"}, "peut-être"),
        ({"natation": "A"}, "inconnue"),
        ({"transferts.non": "oui", "transferts.S": "oui"}, "exclut"),
        ({"transferts": "A"} | adverbes("transferts", "nnnn"), "les adverbes donnent C"),
        (
            {"alimentation": "C", "alimentation.se_servir": "A", "alimentation.manger": "C"},
            "donnent B",
        ),
    ],
)
def test_ce_qui_se_contredit_est_refuse(reponses, faute):
    with pytest.raises(ReponsesRefusees, match=faute):
        evaluer(AGGIR, reponses)


# ---------------------------------------------------------------- why this GIR


def test_pourquoi_ce_gir_montre_le_groupe_et_le_seuil_qui_ont_decide():
    resultat = evaluer(AGGIR, lettres("CCCCAAAA"))

    decisif = resultat.detail["groupes"][-1]
    assert (decisif["groupe"], decisif["total"], decisif["seuil"]) == ("B", 2780, 2016)
    assert sum(p["points"] for p in decisif["contributions"]) == decisif["total"]
    assert [g["groupe"] for g in resultat.detail["groupes"]] == ["A", "B"]
    assert (resultat.detail["rang"], resultat.detail["gir"]) == (4, 2)


def test_aucun_seuil_atteint_est_le_rang_13():
    resultat = evaluer(AGGIR, TOUT_A)

    assert resultat.detail["rang"] == 13
    assert all(g["seuil"] is None for g in resultat.detail["groupes"])
    assert len(resultat.detail["groupes"]) == 8


def test_les_variables_hors_calcul_ne_changent_rien_et_manquent_sans_bloquer():
    sans, avec = evaluer(AGGIR, TOUT_A), evaluer(AGGIR, TOUT_A | {"cuisine": "C", "achats": "C"})

    assert (sans.score, sans.complet) == (avec.score, avec.complet)
    assert set(sans.manquants) - set(avec.manquants) == {"cuisine", "achats"}


def test_les_exemples_du_reglement():
    assert gir(**lettres("CCCCCCCC")) == 1
    assert gir(**lettres("AACCAAAA")) == 3
    assert gir(**lettres("AABCAAAA")) == 4
    assert gir(**lettres("AAABAAAA")) == 5
    assert gir(**TOUT_A) == 6
    assert gir() is None


REPONSES = st.dictionaries(
    st.sampled_from([f"{v}{s}" for v in VARIABLES for s in ("", ".non", ".S", ".T", ".C", ".H")]),
    st.sampled_from(["A", "B", "C", "oui", "non", ""]),
)


@given(REPONSES)
def test_aucun_gir_sans_les_huit_variables(reponses):
    try:
        resultat = evaluer(AGGIR, reponses)
    except ReponsesRefusees:
        return
    modalites = resultat.detail["modalites"]
    assert resultat.complet == all(c in modalites for c in CALCUL)
    assert (resultat.score is None) == (not resultat.complet)
    assert resultat.score is None or 1 <= resultat.score <= 6
