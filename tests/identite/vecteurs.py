"""The published vectors of ../shared/data/ins, when they are there."""

import csv
from pathlib import Path

import pytest

DONNEES = Path(__file__).parents[3] / "shared" / "data" / "ins"

presents = pytest.mark.skipif(
    not DONNEES.is_dir(), reason="les vecteurs de ../shared/data/ins ne sont pas présents"
)


def lignes(nom):
    if not DONNEES.is_dir():
        return []
    with (DONNEES / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))
