"""What an account wants to be told of."""

from django.db import transaction

from coordination.models import PreferenceNotification
from coordination.notifications.lectures import FAMILLES


@transaction.atomic
def regler(habilitation, *, montrees, courriel: bool) -> None:
    cachees = [nom for nom in FAMILLES if nom not in montrees]
    PreferenceNotification.objects.update_or_create(
        compte=habilitation.compte, defaults={"cachees": cachees, "courriel": courriel}
    )
