from datetime import date

from dui.socle.models import Dossier


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
