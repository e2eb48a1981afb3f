"""docs/conformite/asvs.md : chaque preuve citée existe, chaque ligne dit où elle en est."""

import ast
import re
from functools import cache

import pytest

from tests.architecture.arbre import RACINE

SOURCE = RACINE.parent / "shared/data/security/asvs5_testable_django.csv"
TEXTE = (RACINE / "docs/conformite/asvs.md").read_text(encoding="utf-8")
LIGNE = re.compile(r"^\| ([\d.]+) \| ([123]) \| (\w+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
LIGNES = [m.groups() for m in LIGNE.finditer(TEXTE)]
PREUVE = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
PROUVEES = 151  # never fewer; raised with each package that brings its own


@cache
def fonctions_de(fichier: str) -> set[str]:
    chemin = RACINE / "tests" / fichier
    assert chemin.is_file(), f"docs/conformite/asvs.md : tests/{fichier} n’existe pas"
    arbre = ast.parse(chemin.read_text(encoding="utf-8"))
    return {n.name for n in arbre.body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize(
    ("numero", "preuve"), [pytest.param(n, p, id=n) for n, _, _, _, p in LIGNES]
)
def test_une_ligne_est_prouvee_ou_dit_pourquoi_non(numero, preuve):
    cites = PREUVE.findall(preuve)
    assert cites or re.match(r"(?:n/a|waits|doc): \S.{10}", preuve), f"{numero} : {preuve}"
    assert preuve.count("::") == len(cites), f"{numero} : une preuve mal écrite"
    for fichier, nom in cites:
        assert nom in fonctions_de(fichier), f"{numero} : tests/{fichier}::{nom} n’existe pas"


def test_le_nombre_annonce_est_le_vrai():
    automatiques = [p for _, _, sorte, _, p in LIGNES if sorte == "automatic"]
    prouvees = sum(1 for p in automatiques if PREUVE.search(p))
    attendent = sum(1 for p in automatiques if p.startswith("waits"))
    sans_objet = len(automatiques) - prouvees - attendent
    annonce = re.search(
        r"\*\*(\d+) of the (\d+) automatic lines.*\*\*, (\d+) have no object, (\d+) wait", TEXTE
    )
    assert annonce, "la phrase qui compte a disparu"
    assert tuple(map(int, annonce.groups())) == (
        prouvees,
        len(automatiques),
        sans_objet,
        attendent,
    )
    assert prouvees >= PROUVEES


def test_aucune_ligne_n_est_oubliee_ni_repetee():
    numeros = [n for n, *_ in LIGNES]
    assert len(numeros) == len(set(numeros)) == 175
    if not SOURCE.exists():
        pytest.skip("la sélection des exigences n’est pas sur cette machine")
    voulus = [texte.split(",")[0] for texte in SOURCE.read_text(encoding="utf-8").splitlines()[1:]]
    assert numeros == [v for v in voulus if re.fullmatch(r"[\d.]+", v)]
