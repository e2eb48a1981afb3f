"""Moments of a day and what a round counts: pure, no clock and no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

UN_JOUR = timedelta(days=1)
LUNDI_A_DIMANCHE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True)
class Moment:
    """A part of the day; one whose end is not after its begin ends on the next day."""

    code: str
    libelle: str
    titre: str
    debut: time
    fin: time

    @property
    def de_nuit(self) -> bool:
        return self.fin <= self.debut

    def bornes(self, jour: date) -> tuple[datetime, datetime]:
        """Naive, on the clock of the house."""
        fin = jour + UN_JOUR if self.de_nuit else jour
        return datetime.combine(jour, self.debut), datetime.combine(fin, self.fin)

    def a_l_heure(self, jour: date, heure: time) -> datetime:
        """That hour of this round: after midnight, the night's belongs to the next day."""
        lendemain = self.de_nuit and heure < self.debut and heure <= self.fin
        return datetime.combine(jour + UN_JOUR if lendemain else jour, heure)


def moment_courant(moments: Sequence[Moment], instant: datetime) -> tuple[date, Moment]:
    """The round in which this instant (naive, local) falls; the moments cover 24 hours."""
    for jour in (instant.date(), instant.date() - UN_JOUR):
        for moment in moments:
            debut, fin = moment.bornes(jour)
            if debut <= instant < fin:
                return jour, moment
    return instant.date(), moments[0]


def couvre_la_journee(moments: Iterable[Moment]) -> bool:
    """No hole and no overlap over 24 hours: asked of the shipped list by a test."""
    bornes = sorted(m.bornes(date(2026, 1, 1)) for m in moments)
    suite = pairwise(bornes)
    return bornes[-1][1] - bornes[0][0] == UN_JOUR and all(a[1] == b[0] for a, b in suite)


def apres_coup(fait_le: datetime, ecrit_le: datetime, seuil: timedelta) -> bool:
    """Written long enough after the act to be said (AC-18)."""
    return ecrit_le - fait_le > seuil


@dataclass(frozen=True)
class Compte:
    """Of a round: what is due, done, set aside."""

    prevus: int = 0
    notes: int = 0
    ecarts: int = 0

    @property
    def restent(self) -> int:
        return self.prevus - self.notes

    @property
    def fini(self) -> bool:
        return self.prevus > 0 and self.restent == 0


def part_individuelle(gestes: Iterable[bool]) -> float:
    """The share of acts that asked for a gesture of their own (AC-08), from 0 to 1."""
    tous = list(gestes)
    return sum(tous) / len(tous) if tous else 0.0


def jours_en_mots(jours: Iterable[int]) -> str:
    """« tous les jours », « lundi et jeudi », « tous les jours sauf le dimanche »."""
    retenus = sorted(set(jours))
    absents = [j for j in range(1, 8) if j not in retenus]
    if not absents:
        return "tous les jours"
    if len(absents) == 1:
        return f"tous les jours sauf le {LUNDI_A_DIMANCHE[absents[0] - 1]}"
    noms = [LUNDI_A_DIMANCHE[j - 1] for j in retenus]
    return noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} et {noms[-1]}"
