"""When an open target comes back to the team: pure, no clock and no database."""

from datetime import date, timedelta


def echeance(nouvelles_le: date, delai_jours: int, relance_le: date | None) -> date:
    """The first of the day that was set and of the end of the delay without news."""
    sans_nouvelles = nouvelles_le + timedelta(days=delai_jours)
    return min(sans_nouvelles, relance_le) if relance_le else sans_nouvelles


def relance_encore_due(relance_le: date | None, ecrit_le: date) -> date | None:
    """What is written on the day that was set, or later, answers it."""
    return relance_le if relance_le and relance_le > ecrit_le else None
