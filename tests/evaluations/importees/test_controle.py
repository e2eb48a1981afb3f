"""Une définition venue d’ailleurs : chaque faute par son chemin, et rien d’hostile n’entre."""

import contextlib
import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.importees.controle import controlee, lire_definition
from accompagnement.evaluations.moteur import ReponsesRefusees, evaluer, schema
from accompagnement.evaluations.moteur.definitions import DefinitionInvalide
from tests.evaluations.importees.outils import fichier, grille


def fautes(brut) -> str:
    with pytest.raises(DefinitionInvalide) as refus:
        controlee(brut)
    return "\n".join(refus.value.fautes)


def test_la_grille_d_une_maison_se_lit_et_se_calcule():
    definition = lire_definition(fichier())

    complet = evaluer(definition, {"moral": "bon", "sommeil": "6", "mots": "Ça va."})
    assert (complet.score, complet.conclusion) == (8, "Bien")
    assert evaluer(definition, {"moral": "bon"}).score is None


def test_les_grilles_livrees_suivent_leur_propre_schema():
    for definition in catalogue.courantes().values():
        if definition.moteur in ("echelle", "score_seul"):
            assert not schema.fautes(definition.brut, catalogue.donnees("schema")), definition.code


def _option(**champs):
    brut = grille()
    brut["items"][0]["options"][0] |= champs
    return brut


def _item(n, **champs):
    brut = grille()
    brut["items"][n] |= champs
    return brut


def _sans(*chemin):
    brut = objet = grille()
    for nom in chemin[:-1]:
        objet = objet[nom]
    del objet[chemin[-1]]
    return brut


@pytest.mark.parametrize(
    ("brut", "faute"),
    [
        (_sans("licence"), "licence : manque"),
        (_sans("licence", "detail"), "licence.detail : manque"),
        (_option(points="deux"), "items[0].options[0].points : un nombre est attendu"),
        (_option(points=True), "items[0].options[0].points : un nombre est attendu"),
        (_option(points=10**9), "items[0].options[0].points : de -500 à 500"),
        (_option(points=float("inf")), "items[0].options[0].points : de -500 à 500"),
        (_option(points=0.12345), "items[0].options[0].points : trois décimales au plus"),
        (_option(formule="__import__('os')"), "items[0].options[0].formule : inconnu"),
        (_option(exige={"moral": "bas"}), "items[0].options[0].exige : une réponse ne s’exige pas"),
        (_option(exige={"absent": "x"}), "item inconnu : absent"),
        (_item(1, code="moral"), "items en double"),
        (_item(0, code="r é"), "items[0].code : lettres sans accent"),
        (_item(0, libelle="  "), "items[0].libelle : vide"),
        (_item(0, libelle="Mo\u202eral"), "items[0].libelle : un caractère invisible"),
        (_item(0, libelle="Mo\x00ral"), "items[0].libelle : un caractère invisible"),
        (_item(0, libelle="\ud800"), "items[0].libelle : un caractère invisible"),
        (_item(0, libelle="x" * 301), "items[0].libelle : 300 caractères au plus"),
        (_item(0, options=[]), "moral : deux réponses libellées"),
        (_item(1, max=0), "sommeil : bornes inversées"),
        (_item(2, type="script"), "items[2].type : attendu : choix"),
        ({**grille(), "items": grille()["items"] * 60}, "items : 150 éléments au plus"),
        (grille(code="aggir"), "« aggir » est une grille livrée"),
        (grille(code="../etc"), "code : lettres minuscules"),
        (grille(domaine="magie"), "domaine : attendu : autonomie"),
        (grille(publics=["Martiens"]), "publics[0] : attendu : PA, PH"),
        (grille(moteur="aggir"), "moteur : attendu : echelle, score_seul"),
        (grille(score={"methode": "somme", "min": 0, "max": 12}), "bornes 0 à 9, annoncées 0 à 12"),
        (grille(score={"methode": "eval", "min": 0, "max": 9}), "score.methode : attendu"),
        (grille(score={"methode": "somme"}), "score.min : manque"),
        (grille(score={"methode": "recueil"}), "bandes : cette méthode ne donne pas de nombre"),
        (grille(bandes=grille()["bandes"][:1]), "les bandes ne couvrent pas"),
        (grille(licence={"statut": "Protégée", "detail": "Éditeur X"}), "licence.statut"),
        (grille(moteur="score_seul"), "« saisie » va avec le moteur « score_seul »"),
        (_sans("items"), "items : manque"),
    ],
)
def test_chaque_faute_est_dite_en_francais_avec_son_chemin(brut, faute):
    assert faute in fautes(brut)


@pytest.mark.parametrize(
    ("contenu", "faute"),
    [
        (b"", "ce n’est pas du JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "un objet JSON"),
        (b'{"code": NaN}', "« NaN » n’est pas un nombre"),
        (b'{"code": "a", "code": "b"}', "deux fois"),
        (b'{"code": ' + b"9" * 5000 + b"}", "démesuré"),
        (b"[" * 100_000, "profondément"),
        (b'{"a":' * 20 + b"1" + b"}" * 20, "profondément"),
        (b" " * (schema.TAILLE_MAX + 1), "512 Ko"),
        (fichier(grille(score={"methode": "somme", "min": 0, "max": 1e400})), "Infinity"),
    ],
)
def test_un_fichier_hostile_est_refuse_sans_etre_cru(contenu, faute):
    with pytest.raises(DefinitionInvalide, match=faute):
        lire_definition(contenu)


def test_mille_fautes_n_en_disent_que_cinquante():
    brut = grille(items=[{"code": f"i{n}"} for n in range(150)])

    assert len(fautes(brut).splitlines()) == schema.FAUTES_MAX


valeurs = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=12),
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3),
    max_leaves=6,
)
chemins = st.sampled_from(
    [
        ("items", 0, "options", 0, "points"),
        ("items", 0, "options", 1, "exige"),
        ("items", 0, "type"),
        ("items", 1, "min"),
        ("items", 1),
        ("items",),
        ("score",),
        ("score", "methode"),
        ("score", "item"),
        ("score", "exclusif"),
        ("score", "impossible"),
        ("score", "retenir"),
        ("score", "conclusions"),
        ("bandes",),
        ("bandes", 0, "max"),
        ("alertes",),
        ("sous_scores",),
        ("publics",),
    ]
)
sensees = st.sampled_from(
    [
        "categorie",
        "valeur",
        "recueil",
        "regle",
        "sommeil",
        "texte",
        [["moral", "sommeil"]],
        {"item": "moral", "valeur": "bas", "libelle": "X"},
        {"reponses": ["bon"], "mots": ["un", "deux"]},
        [{"niveau": "a", "libelle": "A", "si": []}],
        [{"portee": "item", "operateur": ">", "valeur": 1, "libelle": "X"}],
        [{"code": "s", "libelle": "S", "items": ["moral", "mots"], "max": 2}],
        {"methode": "categorie"},
        {"methode": "recueil"},
        {"methode": "valeur", "min": 0, "max": 2},
        [],
    ]
)


@pytest.mark.lent
@settings(max_examples=300)
@given(
    changements=st.lists(st.tuples(chemins, valeurs | sensees), min_size=1, max_size=3),
    reponses=st.dictionaries(
        st.sampled_from(["moral", "sommeil", "mots", "score"]),
        st.sampled_from(["bon", "bas", "3", "9", "x", "<b>", ""]),
    ),
)
def test_ce_qui_passe_le_controle_se_calcule_toujours_sans_casser(changements, reponses):
    brut = grille()
    for chemin, valeur in changements:
        objet = brut
        with contextlib.suppress(KeyError, IndexError, TypeError):
            for nom in chemin[:-1]:
                objet = objet[nom]
            if isinstance(objet, dict) == isinstance(chemin[-1], str):  # as JSON would have it
                objet[chemin[-1]] = deepcopy(valeur)
    try:
        definition = controlee(brut)
    except DefinitionInvalide:
        return
    json.dumps(definition.brut, allow_nan=False)
    with contextlib.suppress(ReponsesRefusees):
        resultat = evaluer(definition, reponses)
        json.dumps(resultat.en_donnees(), allow_nan=False)
