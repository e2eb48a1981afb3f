"""Occupancy and activity of a house, month by month: days of stay over days that were possible."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.utils import timezone

from accompagnement.presences import lectures
from accompagnement.presences.reglages import drapeaux, rangs
from accompagnement.presences.regles import Mois, compter, jours_du_mois, mois_avant, taux
from dui.socle import graphes
from habilitations.lieux import Lieu

MOIS_AFFICHES = 12


@dataclass
class Bilan:
    """Of a unit, or of the house, for one month."""

    libelle: str
    places: int = 0
    theoriques: float = 0.0
    total: Mois = field(default_factory=Mois)

    @property
    def occupation(self) -> float | None:
        return taux(self.total.sejour, self.theoriques)

    @property
    def activite(self) -> float | None:
        return taux(self.total.activite, self.theoriques)


def tableau(maison, premier: date) -> dict:
    """The chosen month by unit, and the twelve months that end with it: four queries."""
    aujourdhui = timezone.localdate()
    mois = [mois_avant(premier, n) for n in reversed(range(MOIS_AFFICHES))]
    jours = [j for m in mois for j in jours_du_mois(m) if j <= aujourdhui]
    unites = list(maison.unites.annotate(nombre=Count("places")).order_by("ordre", "nom", "pk"))
    lignes = lectures.grille_du_systeme(Lieu(maison, None), jours)
    par_mois: dict[date, Mois] = defaultdict(Mois)
    par_unite: dict = defaultdict(Mois)
    motifs = drapeaux()
    for ligne in lignes:
        retenus = rangs(ligne.sejour.modalite)
        lots: dict[date, list] = defaultdict(list)
        for jour, journee in zip(jours, ligne.journees, strict=True):
            lots[jour.replace(day=1)].append(journee)
        for debut, journees in lots.items():
            compte = compter(journees, retenus, motifs)
            par_mois[debut] += compte
            if debut == premier:
                par_unite[ligne.sejour.unite_id] += compte
    places = sum(u.nombre for u in unites)
    nombre = {m: sum(j.replace(day=1) == m for j in jours) for m in mois}
    bilans = [Bilan(f"{m:%m/%Y}", places, places * nombre[m], par_mois[m]) for m in mois]
    return {
        "unites": [
            Bilan(u.nom, u.nombre, u.nombre * nombre[premier], par_unite[u.pk]) for u in unites
        ],
        "total": bilans[-1],
        "mois": bilans,
        "courbe": _courbe(list(zip(mois, bilans, strict=True))),
    }


def _courbe(mois):
    points = [(m, b.activite) for m, b in mois if b.activite is not None and b.total.sejour]
    return graphes.courbe(points, titre="Taux d’activité", unite="%") if points else None
