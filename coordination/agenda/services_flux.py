"""The secret address of a calendar: made, shown once, withdrawn."""

import secrets

from django.db import transaction
from django.utils import timezone

from coordination.models import FluxAgenda
from dui.socle.journal import consigner

OCTETS = 32


@transaction.atomic
def ouvrir(habilitation) -> str:
    """A new secret; the former address, if any, no longer answers."""
    jeton = secrets.token_urlsafe(OCTETS)
    FluxAgenda.objects.update_or_create(
        compte=habilitation.compte,
        defaults={
            "empreinte": FluxAgenda.hacher(jeton),
            "cree_le": timezone.now(),
            "lu_le": None,
        },
    )
    consigner(habilitation, "flux_ouvert", cible="agenda")
    return jeton


@transaction.atomic
def fermer(habilitation) -> None:
    FluxAgenda.objects.filter(compte=habilitation.compte).delete()
    consigner(habilitation, "flux_ferme", cible="agenda")
