from datetime import date

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from dui.socle.models import Dossier

VERROU = 7_301_004
OCCUPE = "Un import ou une autre création est en cours : recommencez dans un instant."


def une_creation_a_la_fois(etablissement) -> None:
    """Until the end of the transaction, in the whole organisme: whoever creates next sees what
    this one created, and takes the number after."""
    try:
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                [VERROU, str(etablissement.organisme_id)],
            )
    except OperationalError:  # lock_timeout
        raise ValidationError(OCCUPE) from None


class Numeros:
    """The file numbers of a year, one after the other: 2026-00042."""

    def __init__(self, organisme, jour: date):
        self.prefixe = f"{jour:%Y}-"
        derniers = Dossier.objects.filter(
            organisme=organisme, numero__regex=rf"^{self.prefixe}\d{{5}}$"
        )
        dernier = derniers.order_by("-numero").values_list("numero", flat=True).first()
        self._numero = int(dernier.removeprefix(self.prefixe)) if dernier else 0

    def suivant(self) -> str:
        self._numero += 1
        return f"{self.prefixe}{self._numero:05d}"
