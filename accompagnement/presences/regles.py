"""Who is there, half-day by half-day, and what it makes of a month: pure, no clock, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

PRESENT, HORS_SEJOUR = "P", ""
UN_JOUR = timedelta(days=1)


@dataclass(frozen=True)
class Demi:
    """A part of the day; somebody is there when they are at its landmark hour."""

    code: str
    libelle: str
    debut: time
    fin: time
    repere: time

    def bornes(self, jour: date) -> tuple[datetime, datetime]:
        fin = jour + UN_JOUR if self.fin <= self.debut else jour
        return datetime.combine(jour, self.debut), datetime.combine(fin, self.fin)


@dataclass(frozen=True)
class Intervalle:
    """An absence on the clock of the house; `fin` None: not back yet."""

    debut: datetime
    fin: datetime | None
    motif: str
    prevue: bool = False

    def contient(self, instant: datetime) -> bool:
        return self.debut <= instant and (self.fin is None or instant < self.fin)


@dataclass(frozen=True)
class Statut:
    """At a landmark: PRESENT, HORS_SEJOUR or the code of a reason."""

    code: str
    prevue: bool = False


LA, DEHORS = Statut(PRESENT), Statut(HORS_SEJOUR)


def statut(
    jour: date,
    demi: Demi,
    *,
    entree: date,
    sortie: date | None,
    absences: Sequence[Intervalle],
) -> Statut:
    """The real absence first; a planned one says what is expected. The day of exit is out."""
    if jour < entree or (sortie is not None and jour >= sortie):
        return DEHORS
    instant = datetime.combine(jour, demi.repere)
    for prevue in (False, True):
        for absence in absences:
            if absence.prevue == prevue and absence.contient(instant):
                return Statut(absence.motif, prevue)
    return LA


def journee(
    jour: date,
    demis: Sequence[Demi],
    *,
    entree: date,
    sortie: date | None,
    absences: Sequence[Intervalle],
) -> tuple[Statut, ...]:
    champs = {"entree": entree, "sortie": sortie, "absences": absences}
    return tuple(statut(jour, demi, **champs) for demi in demis)  # type: ignore[arg-type]


def attendue(statuts: Sequence[Statut]) -> tuple[Statut, ...]:
    """The same day, said before it comes."""
    return tuple(Statut(s.code, prevue=s.code != HORS_SEJOUR) for s in statuts)


@dataclass(frozen=True)
class Mois:
    """What the days of some persons add up to, in days."""

    sejour: float = 0.0
    presence: float = 0.0
    activite: float = 0.0
    facturable: float = 0.0

    def __add__(self, autre: "Mois") -> "Mois":
        return Mois(
            self.sejour + autre.sejour,
            self.presence + autre.presence,
            self.activite + autre.activite,
            self.facturable + autre.facturable,
        )


def compter(
    journees: Iterable[Sequence[Statut]],
    rangs: Sequence[int],
    drapeaux: Mapping[str, Mapping[str, bool]],
) -> Mois:
    """`rangs`: which half-days count; `drapeaux`: what each reason is (activity, billing)."""
    total, part = Mois(), 1 / len(rangs)
    for statuts in journees:
        for rang in rangs:
            s = statuts[rang]
            if s.code == HORS_SEJOUR:
                continue
            present = s.code == PRESENT or s.prevue
            motif = drapeaux.get(s.code, {})
            total += Mois(
                part,
                part * present,
                part * (present or bool(motif.get("compte_en_activite"))),
                part * (present or bool(motif.get("facturable"))),
            )
    return total


def taux(jours: float, theoriques: float) -> float | None:
    """A percentage; None without capacity: never 0 for « we do not know »."""
    return round(100 * jours / theoriques, 1) if theoriques else None


def jours_du_mois(premier: date) -> list[date]:
    suivant = (premier.replace(day=28) + 4 * UN_JOUR).replace(day=1)
    return [premier + n * UN_JOUR for n in range((suivant - premier).days)]


def mois_avant(premier: date, nombre: int) -> date:
    rang = premier.year * 12 + premier.month - 1 - nombre
    return date(rang // 12, rang % 12 + 1, 1)


def verrouille(jour: date, aujourdhui: date, delai: int | None) -> bool:
    """Past the delay, a day is closed even when nobody signed it."""
    return delai is not None and aujourdhui > jour + delai * UN_JOUR
