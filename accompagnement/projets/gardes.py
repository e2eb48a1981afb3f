"""What several services of the projects refuse."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone


def refuser_le_futur(champ: str, le: date) -> None:
    if le > timezone.localdate():
        raise ValidationError({champ: "Cette date est dans le futur."})
