"""Where an objective goes, from what was noted of it and from the traces. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Tendance:
    libelle: str
    ton: str
    icone: str
    clair: str  # for the person


ATTEINT = Tendance("Atteint", "vert", "fait", "C’est réussi.")
ABANDONNE = Tendance("Abandonné", "gris", "non-du", "On a arrêté.")
PROGRESSE = Tendance("Progresse", "vert", "hausse", "Ça avance.")
RECULE = Tendance("Recule", "ambre", "baisse", "C’est difficile en ce moment.")
STABLE = Tendance("Stable", "bleu", "suite", "Ça continue.")
A_COMMENCER = Tendance("À commencer", "gris", "prevu", "On va commencer.")


def lire(statut: str, mesures: list[tuple[date, int]], sens: list[tuple[date, str]],
         aujourdhui: date, jours: int) -> Tendance:  # fmt: skip
    """The state decides; else the last two measures; else the traces of the last days.
    `mesures`: (day, percentage), `sens`: (day, « pour », « contre »…), both in order."""
    if statut == "ANNULE":
        return ABANDONNE
    if statut == "TERMINE" or (mesures and mesures[-1][1] == 100):
        return ATTEINT
    if len(mesures) > 1 and mesures[-1][1] != mesures[-2][1]:
        return PROGRESSE if mesures[-1][1] > mesures[-2][1] else RECULE
    depuis = aujourdhui - timedelta(days=jours)
    recents = [s for le, s in sens if le >= depuis]
    solde = recents.count("pour") - recents.count("contre")
    if solde:
        return PROGRESSE if solde > 0 else RECULE
    if mesures or recents:
        return STABLE
    return A_COMMENCER if statut in ("", "EN_PREPARATION") else STABLE
