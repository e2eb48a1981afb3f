"""The GIR of a record: one field, written from two blocks (typed, or by a validated AGGIR)."""

from datetime import date

from dui.socle.models import Dossier


def ecrire(compte, dossier: Dossier, *, gir: int, le: date) -> None:
    """In the transaction of the service that locked the row and checked the right."""
    dossier.gir, dossier.gir_le = gir, le
    dossier.full_clean()
    dossier._history_user = compte
    dossier.save()


def plus_recent(dossier: Dossier, le: date) -> bool:
    """What was observed later stays: an evaluation entered late does not undo it."""
    return dossier.gir_le is None or le >= dossier.gir_le
