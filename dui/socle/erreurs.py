from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

UNE_MINUTE = timedelta(minutes=1)


class ConflitDeVersion(ValidationError):
    """The row changed since the user read it; `actuel` is what it holds now."""

    def __init__(self, message: str, *, actuel=None):
        super().__init__(message, code="conflit")
        self.actuel = actuel


class DejaServi(ValidationError):
    """The key of this form wrote something else: « back », then other words. Saved again, they are
    another act (`refus.refuser` draws a new key)."""

    def __init__(self):
        super().__init__(
            "Cette saisie a déjà servi : ceci n’est pas enregistré. "
            "Enregistrez de nouveau pour l’écrire en plus."
        )


def refuser_si_autre(ligne, **dits) -> None:
    """The same words sent twice are one act; others were never written."""
    if any(_autre(getattr(ligne, nom), valeur) for nom, valeur in dits.items()):
        raise DejaServi


def _autre(ecrit, dit) -> bool:
    if isinstance(ecrit, datetime) and isinstance(dit, datetime):
        return abs(ecrit - dit) >= UNE_MINUTE  # a form says no seconds
    return ecrit != dit
