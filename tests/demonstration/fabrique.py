"""A small invented world, for the tests."""

from datetime import date, datetime, timedelta

from dui.demonstration import structure
from dui.demonstration.monde import Taille

MAINTENANT = datetime(2026, 11, 19, 15, 30)
JOUR = MAINTENANT.date()
PETITE = Taille(ehpad=1, jours=45, part=0.12)
_MAISONS = {m.genre: m for m in structure.construire(1, ehpad=1)}


def installer(p, entree: date | None = None):
    """Give a room to somebody made alone."""
    p.maison = _MAISONS[p.genre]
    p.unite = p.maison.unites[0]
    p.entree = entree or JOUR - timedelta(days=500)
    if p.genre == "ssiad":
        p.adresse = ("1 rue du Port", "49400", "Saumur")
    return p
