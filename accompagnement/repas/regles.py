"""Who eats, and what a kitchen counts: pure, no clock and no database."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accompagnement.presences.regles import HORS_SEJOUR, PRESENT, UN_JOUR, Demi, Statut


@dataclass(frozen=True)
class Repas(Demi):
    """A meal is a part of the day; who is there at its landmark hour eats."""

    titre: str = ""


def repas_courant(repas: Sequence[Repas], instant: datetime) -> tuple[date, Repas]:
    """The last one begun at this instant (naive, local): before breakfast, yesterday's dinner."""
    commences = [r for r in repas if r.bornes(instant.date())[0] <= instant]
    return (instant.date(), commences[-1]) if commences else (instant.date() - UN_JOUR, repas[-1])


def attendu(
    statut: Statut,
    repas: str,
    compris: Iterable[str],
    motifs: Mapping[str, Mapping[str, bool]],
) -> bool:
    """A place is laid: the stay includes this meal, and no absence, real or planned, takes it off
    (`repas_decompte` of its reason)."""
    if statut.code == HORS_SEJOUR or repas not in compris:
        return False
    return statut.code == PRESENT or not motifs.get(statut.code, {}).get("repas_decompte", True)


@dataclass(frozen=True)
class Couvert:
    """One meal to prepare, without a name; `texture` empty: nothing on record."""

    repas: str
    unite: Any = None
    texture: str = ""
    boisson: str = ""
    regimes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ligne:
    """A line of the count: how many at each meal."""

    cle: Any
    nombres: list[int] = field(default_factory=list)

    @property
    def vide(self) -> bool:
        return not any(self.nombres)


def denombrer(
    couverts: Iterable[Couvert], repas: Sequence[str], cles: Callable[[Couvert], Iterable]
) -> dict[Any, Ligne]:
    """{key: its line}; a place counts once under each of its keys."""
    comptes = Counter((cle, c.repas) for c in couverts for cle in cles(c))
    trouvees = dict.fromkeys(cle for cle, _ in comptes)
    return {cle: Ligne(cle, [comptes[cle, r] for r in repas]) for cle in trouvees}


@dataclass(frozen=True)
class Compte:
    """Of a service: who is expected, noted, apart."""

    attendus: int = 0
    notes: int = 0
    ecarts: int = 0

    @property
    def restent(self) -> int:
        return self.attendus - self.notes
