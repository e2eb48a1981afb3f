"""What this package knows of the field, as versioned data: the structures of the macro-targets and
the usual sentences of each target."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dui.socle import codes

DONNEES = Path(__file__).parent / "donnees"
SANS_CODE = "autre"  # a target named by hand follows its delay


@dataclass(frozen=True)
class Rubrique:
    code: str
    libelle: str
    aide: str


@dataclass(frozen=True)
class Moment:
    """When a macro-target is written, and the headings it then has."""

    code: str
    libelle: str
    aide: str
    structure: str
    rubriques: tuple[Rubrique, ...]


def _lire(nom: str) -> dict:
    return json.loads((DONNEES / f"{nom}.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def moments() -> dict[str, Moment]:
    contenu = _lire("macrocibles")
    structures = contenu["structures"]
    lus = {}
    for m in contenu["moments"]:
        structure = structures[m["structure"]]
        rubriques = tuple(Rubrique(**r) for r in structure["rubriques"])
        lus[m["code"]] = Moment(m["code"], m["libelle"], m["aide"], structure["libelle"], rubriques)
    return lus


@lru_cache(maxsize=1)
def phrases() -> dict[str, list[str]]:
    return _lire("phrases")["phrases"]


def delai_de_relance(code: str) -> int:
    cibles = codes.codes("cible_transmission")
    cible = cibles.get(code) or cibles[SANS_CODE]
    return cible.proprietes["relance_jours"]


def cibles_de(categorie: str) -> list[str]:
    """The codes of the targets of a category."""
    connues = codes.codes("cible_transmission")
    return [c.code for c in connues.values() if c.proprietes.get("categorie") == categorie]
