"""When things come back: civil dates first, then the hour of the house on each of them.

An activity at 10:00 stays at 10:00 through the changes of clock, in Saumur as in Nouméa. Two nights
a year need a decision: an hour that the clocks jump over happens when they say one hour more (02:30
becomes 03:30); an hour that is lived twice is the first of the two. Pure: no clock, no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

QUOTIDIENNE, HEBDOMADAIRE, MENSUELLE, MENSUELLE_RANG = "jour", "semaine", "mois", "mois_rang"
FREQUENCES = {
    QUOTIDIENNE: DAILY,
    HEBDOMADAIRE: WEEKLY,
    MENSUELLE: MONTHLY,
    MENSUELLE_RANG: MONTHLY,
}
AU_PLUS = 400  # occurrences of one series
HORIZON = timedelta(days=731)
DERNIER = 5  # « the fifth Tuesday » of a month is its last one


class RepetitionRefusee(ValueError):
    """What makes a repetition impossible, in French."""


@dataclass(frozen=True)
class Repetition:
    """`jours`: weekdays, Monday is 0 (weekly only). It ends by a date or by a number."""

    frequence: str
    intervalle: int = 1
    jours: tuple[int, ...] = ()
    jusqu_au: date | None = None
    nombre: int | None = None
    exceptions: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.frequence not in FREQUENCES:
            raise RepetitionRefusee("Cette répétition n’existe pas.")
        if self.intervalle < 1:
            raise RepetitionRefusee("L’intervalle est d’au moins 1.")
        if self.jusqu_au is None and self.nombre is None:
            raise RepetitionRefusee("Dites jusqu’à quand, ou combien de fois.")
        if not set(self.jours) <= set(range(7)):
            raise RepetitionRefusee("Un jour de la semaine est inconnu.")

    def en_donnees(self) -> dict[str, Any]:
        return {
            "frequence": self.frequence,
            "intervalle": self.intervalle,
            "jours": list(self.jours),
            "jusqu_au": self.jusqu_au.isoformat() if self.jusqu_au else None,
            "nombre": self.nombre,
            "exceptions": sorted(e.isoformat() for e in self.exceptions),
        }


def dates(repetition: Repetition, premier: date) -> list[date]:
    """The civil dates, in order, from `premier` on. A month without a 31st is skipped, as a
    printed calendar would show."""
    fin = premier + HORIZON
    if repetition.jusqu_au is not None:
        if repetition.jusqu_au < premier:
            raise RepetitionRefusee("La fin de la répétition précède son début.")
        if repetition.jusqu_au > fin:
            raise RepetitionRefusee("Une répétition se planifie sur deux ans au plus.")
        fin = repetition.jusqu_au
    suite: Iterator[datetime] = iter(
        rrule(
            FREQUENCES[repetition.frequence],
            dtstart=datetime.combine(premier, time(12)),
            interval=repetition.intervalle,
            until=datetime.combine(fin, time(12)),
            **_precisions(repetition, premier),
        )
    )
    retenues = (d.date() for d in suite if d.date() not in repetition.exceptions)
    voulues = min(repetition.nombre or AU_PLUS + 1, AU_PLUS + 1)
    trouvees = list(islice(retenues, voulues))
    if len(trouvees) > AU_PLUS:
        raise RepetitionRefusee(
            f"Cela fait plus de {AU_PLUS} fois : choisissez une fin plus proche."
        )
    if not trouvees:
        raise RepetitionRefusee("Aucune date ne correspond à cette répétition.")
    return trouvees


def _precisions(repetition: Repetition, premier: date) -> dict[str, Any]:
    if repetition.frequence == HEBDOMADAIRE:
        return {"byweekday": repetition.jours or (premier.weekday(),)}
    if repetition.frequence == MENSUELLE:
        return {"bymonthday": premier.day}
    if repetition.frequence == MENSUELLE_RANG:
        rang = rang_dans_le_mois(premier)
        return {"byweekday": weekday(premier.weekday(), -1 if rang == DERNIER else rang)}
    return {}


def rang_dans_le_mois(jour: date) -> int:
    return (jour.day - 1) // 7 + 1


def instant(jour: date, heure: time, fuseau: str) -> datetime:
    """That hour of the house, that day, in UTC (see the head of the module for the two nights)."""
    local = datetime.combine(jour, heure.replace(fold=0), tzinfo=ZoneInfo(fuseau))
    return local.astimezone(UTC)


def plage(jour: date, debut: time, fin: time, fuseau: str) -> tuple[datetime, datetime]:
    """From one hour to another of the house; the second may be the next day. On a night when the
    clocks would put the end before the beginning, the length that was meant is kept."""
    lendemain = jour + timedelta(days=1) if fin <= debut else jour
    commence, finit = instant(jour, debut, fuseau), instant(lendemain, fin, fuseau)
    if finit <= commence:
        finit = commence + (datetime.combine(lendemain, fin) - datetime.combine(jour, debut))
    return commence, finit


def se_croisent(a: tuple[datetime, datetime], b: tuple[datetime, datetime]) -> bool:
    """The end of one may be the beginning of the other."""
    return a[0] < b[1] and b[0] < a[1]


def en_mots(donnees: dict[str, Any], premier: date) -> str:
    """« toutes les 2 semaines, le mardi, jusqu’au 30/06/2027 »."""
    frequence, pas = donnees["frequence"], donnees["intervalle"]
    texte = _pas(frequence, pas)
    if frequence == HEBDOMADAIRE:
        noms = [SEMAINE[j] for j in donnees["jours"] or [premier.weekday()]]
        texte += f", le {_et(noms)}"
    elif frequence == MENSUELLE:
        texte += f", le {premier.day}" if premier.day > 1 else ", le 1er"
    elif frequence == MENSUELLE_RANG:
        texte += f", le {RANGS[rang_dans_le_mois(premier) - 1]} {SEMAINE[premier.weekday()]}"
    if donnees["jusqu_au"]:
        return f"{texte}, jusqu’au {date.fromisoformat(donnees['jusqu_au']):%d/%m/%Y}"
    return f"{texte}, {donnees['nombre']} fois"


SEMAINE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
RANGS = ("1er", "2e", "3e", "4e", "dernier")
PAS = {
    QUOTIDIENNE: ("tous les jours", "tous les {} jours"),
    HEBDOMADAIRE: ("toutes les semaines", "toutes les {} semaines"),
    MENSUELLE: ("tous les mois", "tous les {} mois"),
    MENSUELLE_RANG: ("tous les mois", "tous les {} mois"),
}


def _pas(frequence: str, pas: int) -> str:
    un, plusieurs = PAS[frequence]
    return un if pas == 1 else plusieurs.format(pas)


def _et(noms: list[str]) -> str:
    return noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} et {noms[-1]}"


def heure_de(lue: tuple[int, int]) -> time:
    return time(*lue)
