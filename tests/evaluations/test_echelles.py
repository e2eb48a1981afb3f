"""Les 21 échelles embarquées : leurs bornes, chaque bord de bande, et ce qui leur est propre."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur import ReponsesRefusees, evaluer
from tests.evaluations.outils import (
    ECHELLES,
    PROTEGEES,
    avec_les_fichiers_partages,
    echelles_publiees,
    nom,
    oracle,
    reponses_donnant,
    reponses_possibles,
)

SOMMES = [d for d in ECHELLES if d.score["methode"] == "somme"]
BORDS = [
    pytest.param(d, bande, limite, id=f"{d.code}-{limite}")
    for d in SOMMES
    for bande in d.bandes
    for limite in dict.fromkeys((bande.min, bande.max))
]


def echelle(code):
    return catalogue.definition(code)


def reponses(code, valeur="", **autres):
    """Every required item answered by its first option, or by `valeur`."""
    donnees = {}
    for item in echelle(code).items:
        if item.obligatoire:
            donnees[item.code] = valeur or item.options[0].valeur
    return donnees | autres


def test_il_y_a_vingt_et_une_echelles_et_cent_soixante_treize_items():
    assert (len(ECHELLES), sum(len(d.items) for d in ECHELLES)) == (21, 173)


@pytest.mark.parametrize(("definition", "bande", "limite"), BORDS)
def test_chaque_bord_de_bande_donne_sa_bande(definition, bande, limite):
    donnees = reponses_donnant(definition, limite)
    if donnees is None:  # no sum of points falls there (2.75 of a scale that goes by halves)
        assert limite % Decimal(str(definition.score.get("pas", 1)))
        return

    resultat = evaluer(definition, donnees)

    assert (resultat.score, resultat.conclusion) == (limite, bande.libelle)


@pytest.mark.parametrize(
    ("secondes", "niveau"),
    [
        ("3", "normal"),
        ("9,99", "normal"),
        ("9.995", "normal"),
        ("10", "bonne"),
        ("19.99", "bonne"),
        ("20", "limitee"),
        ("29.99", "limitee"),
        ("30", "dependance"),
        ("600", "dependance"),
    ],
)
def test_le_tug_n_a_pas_de_trou_entre_ses_bandes(secondes, niveau):
    assert evaluer(echelle("tug"), {"secondes": secondes}).niveau == niveau


@pytest.mark.parametrize(
    ("code", "item", "bandes"),
    [
        ("en", "intensite", {0: "absence", 1: "faible", 3: "faible", 4: "moderee", 6: "moderee"}),
        ("en", "intensite", {7: "forte", 10: "forte"}),
    ],
)
def test_les_bords_de_l_echelle_numerique(code, item, bandes):
    definition = echelle(code)
    for valeur in bandes:
        attendue = next(b for b in definition.bandes if b.min <= valeur <= b.max)
        assert evaluer(definition, {item: str(valeur)}).conclusion == attendue.libelle


@pytest.mark.parametrize(
    ("type_", "conclusion"),
    [
        ("1", "Constipation"),
        ("2", "Constipation"),
        ("3", "Transit normal"),
        ("4", "Transit normal"),
        ("5", "Selles molles"),
        ("6", "Diarrhée"),
        ("7", "Diarrhée"),
    ],
)
def test_les_bords_de_bristol(type_, conclusion):
    assert evaluer(echelle("bristol"), {"type": type_}).conclusion == conclusion


@pytest.mark.parametrize("definition", SOMMES, ids=nom)
def test_un_item_obligatoire_sans_reponse_ne_donne_aucun_score(definition):
    complet = reponses_donnant(definition, Decimal(str(definition.score["max"])))
    exclus = {c for g in definition.score.get("exclusif", ()) for c in g}
    for item in definition.items:
        if not item.obligatoire or item.code in exclus:
            continue
        partiel = {c: v for c, v in complet.items() if c != item.code}
        resultat = evaluer(definition, partiel)
        assert (resultat.complet, resultat.score) == (False, None), item.code
        assert resultat.manquants == (item.code,)


@pytest.mark.parametrize("definition", ECHELLES, ids=nom)
def test_sans_aucune_reponse_rien_n_est_zero(definition):
    resultat = evaluer(definition, {})

    assert (resultat.complet, resultat.score, resultat.conclusion) == (False, None, "")
    assert resultat.manquants


@pytest.mark.parametrize("definition", SOMMES, ids=nom)
def test_le_moteur_compte_comme_celui_des_fichiers_publies(definition):
    """Against a sum made by hand, over random answers, in the declared bounds."""
    hasard = random.Random(7)
    exclus = {c for g in definition.score.get("exclusif", ()) for c in g[1:]}
    for _ in range(200):
        choix = {i.code: hasard.choice(reponses_possibles(i)) for i in definition.items}
        donnees = {c: valeur for c, (valeur, _) in choix.items() if c not in exclus}
        attendu = sum(points for c, (_, points) in choix.items() if c not in exclus)
        resultat = evaluer(definition, donnees)
        assert resultat.score == attendu
        assert not definition.bandes or resultat.conclusion


@avec_les_fichiers_partages
def test_les_deux_moteurs_donnent_le_meme_score_et_la_meme_bande():
    verifier = oracle()
    hasard = random.Random(11)
    for code, brut in echelles_publiees().items():
        definition = echelle(code)
        if definition.score["methode"] in ("regle", "categorie"):
            continue
        exclus = {c for g in definition.score.get("exclusif", ()) for c in g[1:]}
        for _ in range(60):
            donnees = {
                i.code: hasard.choice(reponses_possibles(i))[0]
                for i in definition.items
                if i.code not in exclus and i.code != "impossible"
            }
            score, bande = verifier.score(brut, donnees)
            resultat = evaluer(definition, donnees)
            assert resultat.score == score, (code, donnees)
            assert bool(resultat.conclusion) == bool(bande), (code, donnees)


@avec_les_fichiers_partages
def test_les_definitions_ont_les_items_et_les_points_des_fichiers_publies():
    for code, brut in echelles_publiees().items():
        ici = [(i["code"], _points(i)) for i in echelle(code).brut["items"]]
        assert ici == [(i["code"], _points(i)) for i in brut["items"]], code


def _points(item):
    return [(o["valeur"], o["points"]) for o in item.get("options", ())]


# ---------------------------------------------------------------- what is proper to each


def news2(**autres):
    normales = {
        "fr": "12..20",
        "spo2_1": "96..",
        "o2": "air",
        "pas": "111..219",
        "pouls": "51..90",
        "conscience": "A",
        "temp": "36.1..38.0",
    }
    return {c: v for c, v in (normales | autres).items() if v}


def test_news2_un_seul_parametre_a_trois_alerte_meme_sous_cinq():
    resultat = evaluer(echelle("news2"), news2(conscience="C"))

    assert (resultat.score, resultat.niveau) == (3, "faible")
    assert len(resultat.alertes) == 1
    assert "Un seul paramètre" in resultat.alertes[0]
    assert evaluer(echelle("news2"), news2()).alertes == ()


def test_news2_cinq_points_sans_aucun_trois_demande_un_avis():
    resultat = evaluer(echelle("news2"), news2(fr="21..24", o2="o2", temp="38.1..39.0"))

    assert (resultat.score, resultat.niveau) == (5, "moyen")
    assert len(resultat.alertes) == 1


def test_news2_les_deux_echelles_de_saturation_s_excluent():
    with pytest.raises(ReponsesRefusees, match="une seule"):
        evaluer(echelle("news2"), news2(spo2_2="88..92"))


def test_news2_l_echelle_2_remplace_la_premiere_et_suit_l_oxygene():
    avec = news2(spo2_1="", spo2_2="93..94 O2", o2="o2")

    assert evaluer(echelle("news2"), avec).score == 3
    with pytest.raises(ReponsesRefusees, match="contredit"):
        evaluer(echelle("news2"), avec | {"o2": "air"})


def test_news2_sans_saturation_n_a_pas_de_score():
    assert evaluer(echelle("news2"), news2(spo2_1="")).manquants == ("spo2_1",)


def test_lawton_un_item_sans_objet_sort_du_total_et_de_l_interpretation():
    definition = echelle("lawton_iadl")
    tous = {i.code: "0" for i in definition.items}

    resultat = evaluer(definition, tous | {"courses": "NA"})

    assert (resultat.score, resultat.conclusion) == (7, "")
    assert resultat.mention.startswith("7 items applicables sur 8")
    assert evaluer(definition, dict.fromkeys(tous, "NA")).score is None


def test_lawton_dit_aussi_son_score_simplifie():
    sous = evaluer(echelle("lawton_iadl"), reponses("lawton_iadl")).sous_scores

    assert [(s.code, s.score, s.max) for s in sous] == [("iadl4", 4, 4)]


def test_doloplus_se_cote_en_partie_et_le_dit():
    resultat = evaluer(echelle("doloplus2"), {"plaintes": "3", "positions": "2"})

    assert (resultat.score, resultat.mention) == (5, "2 items cotés sur 10")
    assert resultat.alertes


def test_glasgow_avec_un_item_non_testable_n_a_pas_de_total():
    assert evaluer(echelle("glasgow"), {"yeux": "4", "moteur": "6"}).score is None


def test_tinetti_donne_equilibre_et_marche():
    maximum = reponses_donnant(echelle("tinetti"), Decimal(28))

    sous = evaluer(echelle("tinetti"), maximum).sous_scores

    assert [(s.code, s.score) for s in sous] == [("equilibre", 16), ("marche", 12)]


def test_un_tug_impossible_conclut_sans_score():
    resultat = evaluer(echelle("tug"), {"impossible": "oui"})

    assert (resultat.complet, resultat.score) == (True, None)
    assert "impossible" in resultat.conclusion
    with pytest.raises(ReponsesRefusees, match="impossible"):
        evaluer(echelle("tug"), {"impossible": "oui", "secondes": "12"})


@pytest.mark.parametrize(
    ("oui", "severite", "conclusion"),
    [
        ((), "non", "absence"),
        (("ph_imc",), "non", "absence"),
        (("et_absorption",), "oui", "absence"),
        (("ph_imc", "et_absorption"), "non", "moderee"),
        (("ph_imc", "et_absorption"), "oui", "severe"),
        (("ph_imc", "et_absorption"), "", "a_preciser"),
    ],
)
def test_denutrition_un_critere_de_chaque_groupe(oui, severite, conclusion):
    donnees = reponses("denutrition_has", "non") | dict.fromkeys(oui, "oui")
    if severite:
        severes = [i.code for i in echelle("denutrition_has").items if i.groupe == "Sévérité"]
        donnees |= dict.fromkeys(severes, "non") | {severes[0]: severite}

    resultat = evaluer(echelle("denutrition_has"), donnees)

    assert (resultat.niveau, resultat.score) == (conclusion, None)


def test_un_stade_d_escarre_est_une_categorie_et_pas_un_nombre():
    resultat = evaluer(echelle("stade_escarre"), {"stade": "LTP"})

    assert resultat.score is None
    assert "tissus profonds" in resultat.conclusion


@pytest.mark.parametrize("valeur", ["11", "-1", "4,5", "1e1", "NaN", "٣", "dix"])
def test_un_nombre_hors_bornes_ou_illisible_est_refuse(valeur):
    with pytest.raises(ReponsesRefusees):
        evaluer(echelle("en"), {"intensite": valeur})


@given(st.sampled_from(SOMMES), st.data())
def test_le_score_reste_dans_ses_bornes_quelles_que_soient_les_reponses(definition, tirage):
    donnees = {}
    for item in definition.items:
        valeurs = [o.valeur for o in item.options] or [str(item.min), str(item.max)]
        if valeur := tirage.draw(st.sampled_from(["", *valeurs])):
            donnees[item.code] = valeur
    try:
        resultat = evaluer(definition, donnees)
    except ReponsesRefusees:
        return
    assert (resultat.score is not None) <= resultat.complet
    if resultat.score is not None:
        bas = 0 if resultat.mention else Decimal(str(definition.score["min"]))
        assert bas <= resultat.score <= Decimal(str(definition.score["max"]))


# ---------------------------------------------------------------- protected scales


def test_il_y_a_dix_huit_echelles_protegees_sans_aucun_item():
    assert len(PROTEGEES) == 18
    assert all(not d.items and d.brut["licence"]["statut"] == "protégée" for d in PROTEGEES)


PROTEGES = [
    pytest.param(d, bande, limite, id=f"{d.code}-{limite}")
    for d in PROTEGEES
    for bande in d.bandes
    for limite in dict.fromkeys((bande.min, bande.max))
]


@pytest.mark.parametrize(("definition", "bande", "limite"), PROTEGES)
def test_chaque_bord_de_bande_d_une_echelle_protegee(definition, bande, limite):
    assert evaluer(definition, {"score": str(limite)}).conclusion == bande.libelle


@pytest.mark.parametrize("definition", PROTEGEES, ids=nom)
def test_une_echelle_protegee_ne_prend_que_son_score_dans_ses_bornes(definition):
    bas, haut = definition.score["min"], definition.score["max"]

    assert evaluer(definition, {}).score is None
    assert evaluer(definition, {"score": str(haut)}).score == Decimal(str(haut))
    for faux in (str(haut + 1), str(bas - 1), "beaucoup"):
        with pytest.raises(ReponsesRefusees):
            evaluer(definition, {"score": faux})
    with pytest.raises(ReponsesRefusees, match="que son score"):
        evaluer(definition, {"item_1": "2", "score": str(bas)})


def test_une_echelle_protegee_suit_le_pas_de_son_score():
    assert evaluer(echelle("mna"), {"score": "17,5"}).score == Decimal("17.5")
    with pytest.raises(ReponsesRefusees, match="5 en 5"):
        evaluer(echelle("barthel"), {"score": "42"})
