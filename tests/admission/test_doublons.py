from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admission.importation.doublons import Index, Verdict
from dui.socle.ressemblance import Traits, a_une_lettre_pres

MARIE = Traits(7, date(1931, 5, 12), "DURAND", "MARIE JEANNE", "F", "69123", "PETIT")


def verdict(**differences):
    return Index([MARIE]).chercher(replace(MARIE, reference=9, **differences))[0]


def test_les_memes_traits_stricts_sont_la_meme_personne():
    assert verdict() is Verdict.DEJA_PRESENTE
    assert verdict(nom_utilise="AUTRE") is Verdict.DEJA_PRESENTE
    assert verdict(cog="99999") is Verdict.DEJA_PRESENTE


@pytest.mark.parametrize(
    "differences",
    [
        {"nom": "DURANT"},
        {"prenoms": "MARIE"},
        {"prenoms": "MARIA JEANNE"},
        {"cog": "69001"},
        {"sexe": "M"},
        {"naissance": date(1931, 12, 5)},
        {"nom": "PETIT", "nom_utilise": ""},
        {"prenoms": "JEANNE", "prenom_utilise": "MARIE"},
    ],
)
def test_un_ecart_d_une_lettre_de_nom_ou_de_jour_est_un_doublon_probable(differences):
    assert verdict(**differences) is Verdict.PROBABLE


@pytest.mark.parametrize(
    "differences",
    [
        {"naissance": date(1931, 5, 13)},
        {"nom": "MARTIN", "nom_utilise": ""},
        {"prenoms": "ODILE"},
        {"nom": "DURAMP", "nom_utilise": "MARTIN"},
    ],
)
def test_une_autre_personne_n_est_pas_un_doublon(differences):
    assert verdict(**differences) is Verdict.NOUVELLE


def test_la_recherche_dit_qui_ressemble():
    assert Index([MARIE]).chercher(replace(MARIE, nom="DURANT"))[1] is MARIE


def distance(a, b):
    avant = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        ligne = [i]
        for j, y in enumerate(b, 1):
            ligne.append(min(avant[j] + 1, ligne[-1] + 1, avant[j - 1] + (x != y)))
        avant = ligne
    return avant[-1]


@given(st.text("AB", max_size=6), st.text("AB", max_size=6))
def test_a_une_lettre_pres_est_la_distance_de_levenshtein(a, b):
    assert a_une_lettre_pres(a, b) == (distance(a, b) <= 1)
