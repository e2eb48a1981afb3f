"""What each code means and what to do then: data (codes.json, oids.json), never an `if`."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any


class Geste(StrEnum):
    """What the caller does with an outcome. None of them changes an identity by itself."""

    PROPOSER = "proposer"  # show side by side; a person accepts or refuses
    REFORMULER = "reformuler"  # nobody found: trace, no change of status, hints
    PRECISER = "preciser"  # several found: trace, no change of status, hints
    CONFIRMER = "confirmer"  # verification: note the date of the last interrogation
    RETROGRADER = "retrograder"  # verification: matricule dropped, status goes down, task
    REESSAYER = "reessayer"  # later, with backoff; work goes on with the identity as it is
    CONFIGURER = "configurer"  # alert the administrator, no retry
    ECARTER = "ecarter"  # an answer that proves nothing: trace, nothing taken from it
    INTERDIRE = "interdire"  # refused before anything left


@dataclass(frozen=True)
class Aide:
    texte: str
    si: str = ""


@dataclass(frozen=True)
class Code:
    couche: str
    code: str
    libelle: str
    geste: Geste
    message: str
    aides: tuple[Aide, ...] = ()


@dataclass(frozen=True)
class Oid:
    oid: str
    nature: str
    usage: str

    @property
    def d_essai(self) -> bool:
        return self.usage == "essai"


def donnees(nom: str) -> Any:
    return json.loads(Path(__file__).with_name(nom).read_text(encoding="utf-8"))


@cache
def codes() -> dict[tuple[str, str], Code]:
    return {
        (ligne["couche"], ligne["code"]): _code(ligne) for ligne in donnees("codes.json")["codes"]
    }


def _code(ligne: dict[str, Any]) -> Code:
    aides = tuple(Aide(**aide) for aide in ligne.pop("aides", ()))
    return Code(**{**ligne, "geste": Geste(ligne["geste"]), "aides": aides})


@cache
def oids() -> dict[str, Oid]:
    return {ligne["oid"]: Oid(**ligne) for ligne in donnees("oids.json")["oids"]}


def connu(couche: str, code: str) -> bool:
    return (couche, code) in codes()


def code(couche: str, code: str) -> Code:
    return codes()[couche, code]
