"""When a project must be seen again, and how loudly to say it. Pure: the day is given."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

RETARD, BIENTOT, TRANQUILLE = "retard", "bientot", "tranquille"


@dataclass(frozen=True)
class Alerte:
    niveau: str
    titre: str
    le: date | None = None
    pourquoi: str = ""
    ton: str = "vert"

    @property
    def icone(self) -> str:
        return {RETARD: "retard", BIENTOT: "attente", TRANQUILLE: "fait"}[self.niveau]

    @property
    def presse(self) -> bool:
        return self.niveau != TRANQUILLE


def ajouter_mois(jour: date, mois: int) -> date:
    """The same day that many months later, the last of the month when it does not exist."""
    annee, rang = divmod(jour.month - 1 + mois, 12)
    annee, rang = jour.year + annee, rang + 1
    return date(annee, rang, min(jour.day, monthrange(annee, rang)[1]))


def echeance(quoi: str, le: date | None, aujourdhui: date, seuils, *, pourquoi="") -> Alerte | None:
    """« Révision dans 30 jours », « Bilan en retard de 6 jours ». `seuils`: days before. The widest
    opens the alert, the next ones make it louder."""
    if le is None:
        return None
    reste = (le - aujourdhui).days
    if reste < 0:
        return Alerte(RETARD, f"{quoi} en retard de {_retard(-reste)}", le, pourquoi, "ambre")
    if reste == 0:
        return Alerte(RETARD, f"{quoi} : c’est aujourd’hui", le, pourquoi, "ambre")
    franchi = palier(reste, seuils)
    if franchi is None:
        return Alerte(TRANQUILLE, f"{quoi} à jour", le, pourquoi)
    ton = "gris" if franchi == max(seuils) else "bleu"
    return Alerte(BIENTOT, f"{quoi} dans {_jours(reste)}", le, pourquoi, ton)


def palier(reste: int, seuils) -> int | None:
    """The last threshold crossed, of 60, 30 and 0 days; None before the first."""
    return min((s for s in seuils if reste <= s), default=None)


def _jours(nombre: int) -> str:
    return f"{nombre} jour{'s' if nombre > 1 else ''}"


def _retard(nombre: int) -> str:
    """Beyond three months nobody counts in days."""
    if nombre < 90:
        return _jours(nombre)
    return f"{nombre // 30} mois" if nombre < 730 else f"{nombre // 365} ans"


def premier_du(entree: date, delai: int, aujourdhui: date, seuils) -> Alerte:
    """No project yet: it is due that many days after the entry."""
    le = entree + timedelta(days=delai)
    return echeance("Premier projet", le, aujourdhui, seuils) or Alerte(TRANQUILLE, "")


def la_plus_pressante(alertes) -> Alerte | None:
    """The latest of the late ones first, then the soonest."""
    ordre = {RETARD: 0, BIENTOT: 1, TRANQUILLE: 2}
    donnees = [a for a in alertes if a]
    return min(donnees, key=lambda a: (ordre[a.niveau], a.le or date.max), default=None)
