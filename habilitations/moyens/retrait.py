"""Take back what proves who somebody is: a telephone lost, a password forgotten."""

from django.db import transaction
from django_otp import devices_for_user

from habilitations.models import CodePersonnel, SessionOuverte
from habilitations.moyens import postes, sessions


@transaction.atomic
def retirer_toute_preuve(acteur, compte) -> None:
    """Password, telephone, backup codes, keys, personal code, shared workstations, open sessions:
    a key alone signs in, so the lost telephone that holds one must not."""
    for appareil in devices_for_user(compte, confirmed=None):
        appareil.delete()
    compte.cles.all().delete()
    CodePersonnel.objects.filter(compte=compte).delete()
    compte.set_unusable_password()
    compte.save(update_fields=["password"])
    fermer_partout(acteur, compte)


def fermer_partout(acteur, compte) -> None:
    """Whoever held a session, or a place on a workstation, proves everything again."""
    postes.oublier_les_passages(compte)
    sessions.fermer(acteur, SessionOuverte.objects.filter(compte=compte))
