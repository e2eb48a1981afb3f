"""Templates of projects by kind of establishment, and the settings: data, read once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DONNEES = Path(__file__).parent / "donnees"


@dataclass(frozen=True)
class Trame:
    code: str
    libelle: str
    titre: str
    type: str
    domaines: frozenset[str]
    categories: frozenset[str]
    revue_mois: int
    bilan_mois: int
    volets: tuple[tuple[str, str], ...]
    rubriques: tuple[tuple[str, str, str], ...]  # (code, label, help)


def _lire(brut: dict) -> Trame:
    return Trame(
        code=brut["code"],
        libelle=brut["libelle"],
        titre=brut["titre"],
        type=brut["type"],
        domaines=frozenset(brut["domaines"]),
        categories=frozenset(brut["categories"]),
        revue_mois=brut["revue_mois"],
        bilan_mois=brut["bilan_mois"],
        volets=tuple((v["code"], v["libelle"]) for v in brut["volets"]),
        rubriques=tuple((r["code"], r["libelle"], r["aide"]) for r in brut["rubriques"]),
    )


@cache
def _fichier(nom: str) -> Mapping[str, Any]:
    return json.loads((DONNEES / f"{nom}.json").read_text(encoding="utf-8"))


@cache
def toutes() -> Mapping[str, Trame]:
    return {t["code"]: _lire(t) for t in _fichier("trames")["trames"]}


def trame(code: str) -> Trame:
    """That of the last line when a row names one that no longer exists: it asks for nothing."""
    connues = toutes()
    return connues.get(code) or list(connues.values())[-1]


def pour(etablissement) -> Trame:
    """By FINESS category, else by domain, else the general one."""
    if etablissement is not None:
        for connue in toutes().values():
            if etablissement.categorie and etablissement.categorie in connue.categories:
                return connue
        for connue in toutes().values():
            if etablissement.domaine in connue.domaines:
                return connue
    return list(toutes().values())[-1]


def reglages() -> Mapping[str, Any]:
    return _fichier("reglages")
