"""The source tree, read once: modules as syntax trees, templates as text."""

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

RACINE = Path(settings.BASE_DIR)
PAQUETS = (
    "dui",
    "habilitations",
    "admission",
    "accompagnement",
    "soins",
    "coordination",
    "administratif",
    "relation_usager",
)
GABARITS = RACINE / "templates"


@cache
def modules() -> dict[str, ast.Module]:
    """{path: tree} of every module of the product, tests and migrations excluded."""
    return {
        str(fichier.relative_to(RACINE)): ast.parse(fichier.read_text(encoding="utf-8"))
        for paquet in PAQUETS
        for fichier in sorted((RACINE / paquet).rglob("*.py"))
        if "migrations" not in fichier.parts
    }


@cache
def gabarits() -> dict[str, str]:
    return {
        str(fichier.relative_to(GABARITS)): fichier.read_text(encoding="utf-8")
        for fichier in sorted(GABARITS.rglob("*.html"))
    }


def fichiers(*motifs: str):
    return [f for motif in motifs for f in sorted(RACINE.glob(motif)) if f.is_file()]


def ligne(texte: str, position: int) -> int:
    return texte.count("\n", 0, position) + 1
