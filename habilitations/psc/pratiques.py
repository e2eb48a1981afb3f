"""In which profession, and for which structure, somebody works during a session."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from dui.connecteurs.psc import Exercice, Identite

PROFESSIONS = Path(__file__).parents[1] / "donnees/professions.json"


@dataclass(frozen=True)
class Pratique:
    """`structure` is the FINESS of one of our establishments, or nothing."""

    profession: str
    structure: str = ""
    lieu: str = ""


def pratiques(identite: Identite, maisons: dict[str, str]) -> list[dict[str, str]]:
    """`maisons`: {FINESS: name} where the account works. Never empty: a professional without any
    activity of ours works without a structure."""
    trouvees = [p for e in identite.exercices for p in _d_un_exercice(e, maisons)]
    uniques = dict.fromkeys(trouvees or [Pratique("")])
    return [asdict(pratique) for pratique in uniques]


def _d_un_exercice(exercice: Exercice, maisons: dict[str, str]) -> Iterable[Pratique]:
    ici = [a.finess for a in exercice.activites if a.finess in maisons]
    for finess in ici:
        yield Pratique(exercice.profession, finess, maisons[finess])
    if not ici:
        yield Pratique(exercice.profession)


def en_clair(pratique: dict[str, str]) -> str:
    """Infirmier, EHPAD Les Tilleuls"""
    code = pratique["profession"]
    metier = _professions().get(code) or (f"Profession {code}" if code else "Sans profession")
    return f"{metier}, {pratique['lieu']}" if pratique["lieu"] else f"{metier}, sans structure"


@cache
def _professions() -> dict[str, str]:
    return json.loads(PROFESSIONS.read_text(encoding="utf-8"))["codes"]
