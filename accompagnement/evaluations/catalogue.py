"""The grids: those that the product ships, read once from their files, and those that an
establishment brought.

A file changes by a new version, never in place: what was answered stays readable by its own.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from accompagnement.evaluations.importees import lectures as importees
from accompagnement.evaluations.moteur.definitions import Definition, lire

DONNEES = Path(__file__).parent / "donnees"
HORS_GRILLES = {"gmp", "reglages", "schema"}


class GrilleInconnue(LookupError):
    pass


@cache
def toutes() -> Mapping[tuple[str, str], Definition]:
    """{(code, version): definition}, by domain then name."""
    lues = [lire(brut) for brut in _brutes()]
    lues.sort(key=lambda d: (d.brut["domaine"], d.nom))
    return {(d.code, d.version): d for d in lues}


def _brutes():
    for fichier in sorted(DONNEES.rglob("*.json")):
        if fichier.stem not in HORS_GRILLES:
            contenu = json.loads(fichier.read_text(encoding="utf-8"))
            yield from contenu if isinstance(contenu, list) else [contenu]


@cache
def courantes() -> Mapping[str, Definition]:
    """{code: the last version}."""
    dernieres: dict[str, Definition] = {}
    for definition in toutes().values():
        autre = dernieres.get(definition.code)
        if autre is None or autre.version < definition.version:
            dernieres[definition.code] = definition
    return dernieres


def livrees() -> set[str]:
    """The codes that the product keeps for itself."""
    return set(courantes())


def definition(code: str, version: str = "") -> Definition:
    """The one that was answered; without a version, the last one that the product ships."""
    trouvee = toutes().get((code, version)) if version else courantes().get(code)
    if trouvee is None and version:  # of a house, were its code shipped since
        trouvee = importees.definition(code, version)
    if trouvee is None:
        raise GrilleInconnue(code)
    return trouvee


def proposees(maisons) -> dict[str, Definition]:
    """{code: what may be begun in these houses}: ours, then theirs."""
    return {**courantes(), **importees.proposees(maisons)}


def commencable(maisons, code: str, version: str = "") -> Definition:
    """What the form was drawn from, as long as it may be begun here."""
    if (code, version) in toutes() or (code in courantes() and not version):
        return definition(code, version)
    trouvee = (
        importees.commencable(maisons, code, version)
        if version
        else importees.proposees(maisons).get(code)
    )
    if trouvee is None:
        raise GrilleInconnue(code)
    return trouvee


@cache
def donnees(nom: str) -> Mapping[str, Any]:
    """gmp, reglages: what is not a grid."""
    return json.loads((DONNEES / f"{nom}.json").read_text(encoding="utf-8"))
