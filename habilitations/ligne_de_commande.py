"""Who signs what a management command writes when nobody is named."""

from django.db import transaction
from django.utils import timezone

from dui.socle.models import Compte
from habilitations.models import Affectation


@transaction.atomic
def compte_technique(etablissement, role: str) -> Compte:
    """An account nobody signs in with, whose right lasts a day."""
    compte, nouveau = Compte.objects.get_or_create(
        username="ligne-de-commande", defaults={"first_name": "Ligne", "last_name": "de commande"}
    )
    if nouveau:
        compte.set_unusable_password()
        compte.save()
    jour = timezone.localdate()
    Affectation.objects.get_or_create(
        compte=compte,
        role_id=role,
        etablissement=etablissement,
        portee=Affectation.Portee.ETABLISSEMENT,
        debut=jour,
        defaults={"fin": jour},
    )
    return compte
