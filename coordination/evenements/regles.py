"""What each type of event asks for. Pure: no clock, no database."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DONNEES = Path(__file__).parent / "donnees"
EXIGEE, PROPOSEE = "exigee", "proposee"
REPONDEZ = "Répondez\u00a0: c’est demandé."

# From one state of an event to the next ones.
SUITES = {
    "declare": ("analyse", "clos"),
    "analyse": ("plan", "clos"),
    "plan": ("clos",),
    "clos": ("analyse",),  # reopened: something new is known
}
# A report to the authorities: transmitted at once, analysed before or after.
SUITES_EIG = {
    "brouillon": ("declare",),
    "declare": ("analyse", "transmis"),
    "analyse": ("transmis",),
    "transmis": ("complete", "clos"),
    "complete": ("complete", "clos"),
    "clos": (),
}


@dataclass(frozen=True)
class Champ:
    """A question of a part: `une` or `plusieurs` of its choices, or a short text."""

    nom: str
    libelle: str
    sorte: str
    choix: tuple[tuple[str, str], ...] = ()
    exige: bool = False
    seul: str = ""  # the choice that excludes the others
    aide: str = ""

    def en_mots(self, valeur: Any) -> str:
        libelles = dict(self.choix)
        valeurs = valeur if isinstance(valeur, list) else [valeur]
        return ", ".join(libelles.get(v, str(v)) for v in valeurs if v)


@dataclass(frozen=True)
class Partie:
    code: str
    titre: str
    champs: tuple[Champ, ...] = field(default_factory=tuple)


@cache
def parties() -> Mapping[str, Partie]:
    lues = json.loads((DONNEES / "parties.json").read_text(encoding="utf-8"))["parties"]
    return {p["code"]: _partie(p) for p in lues}


def _partie(brut: Mapping[str, Any]) -> Partie:
    champs = []
    for c in brut["champs"]:
        choix = tuple((code, libelle) for code, libelle in c.get("choix", []))
        champs.append(Champ(**{**c, "choix": choix}))
    return Partie(brut["code"], brut["titre"], tuple(champs))


def parties_de(proprietes: Mapping[str, Any]) -> list[Partie]:
    """Those of a type, in its order."""
    return [parties()[code] for code in proprietes.get("parties", [])]


def manquants(demandees: Iterable[Partie], faits: Mapping[str, Any]) -> list[Champ]:
    """The required questions without an answer."""
    return [c for p in demandees for c in p.champs if c.exige and not faits.get(c.nom)]


def contradictions(demandees: Iterable[Partie], faits: Mapping[str, Any]) -> list[Champ]:
    """« Rien de visible » and a wound."""
    return [
        c
        for p in demandees
        for c in p.champs
        if c.seul and c.seul in (faits.get(c.nom) or []) and len(faits[c.nom]) > 1
    ]


def nettoyes(demandees: Iterable[Partie], faits: Mapping[str, Any]) -> dict[str, Any]:
    """The known questions only, with known answers; empty ones leave."""
    gardes: dict[str, Any] = {}
    for champ in (c for p in demandees for c in p.champs):
        valeur, connus = faits.get(champ.nom), dict(champ.choix)
        if champ.sorte == "plusieurs":
            valeur = [v for v in valeur or [] if v in connus]
        elif champ.sorte == "une" and valeur not in connus:
            valeur = ""
        if valeur:
            gardes[champ.nom] = valeur
    return gardes


def en_mots(demandees: Iterable[Partie], faits: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for champ in (c for p in demandees for c in p.champs):
        if faits.get(champ.nom):
            yield champ.libelle, champ.en_mots(faits[champ.nom])


def peut_passer(de: str, a: str, suites: Mapping[str, tuple[str, ...]]) -> bool:
    return a in suites.get(de, ())
