"""What the services of the block refuse of a date."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone


def refuser_hors_de_sa_vie(dossier, champ: str, le: date) -> None:
    """What is written of somebody happened already, and since they were born: 1926 is 2026."""
    if le > timezone.localdate():
        raise ValidationError({champ: "Cette date est dans le futur."})
    if le < dossier.usager.date_naissance:
        raise ValidationError({champ: "Cette date précède la naissance."})
