"""docs/conformite/ins.md : chaque preuve citée existe, chaque ligne dit où elle en est."""

import re

import pytest

from tests.architecture.arbre import RACINE
from tests.architecture.test_asvs import PREUVE, fonctions_de

TEXTE = (RACINE / "docs/conformite/ins.md").read_text(encoding="utf-8")
LIGNE = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
LIGNES = [m.groups() for m in LIGNE.finditer(TEXTE) if m[1] not in ("id", "---")]


@pytest.mark.parametrize(
    ("exigence", "preuve"), [pytest.param(x, p, id=x) for x, _, _, p in LIGNES]
)
def test_une_exigence_est_prouvee_ou_dit_pourquoi_non(exigence, preuve):
    cites = PREUVE.findall(preuve)
    assert cites or re.match(r"(?:n/a|waits): \S.{10}", preuve), f"{exigence} : {preuve}"
    for fichier, nom in cites:
        assert nom in fonctions_de(fichier), f"{exigence} : tests/{fichier}::{nom} n’existe pas"


def test_chaque_exigence_du_cadrage_a_sa_ligne():
    """H1 à H13 et A7, sauf la copie de pièce et les indicateurs qui ont la leur aussi."""
    cites = set(re.findall(r"\b(?:H\d+|A7)\b", " ".join(x for x, *_ in LIGNES)))
    assert cites >= {f"H{n}" for n in range(1, 14)} | {"A7"}
