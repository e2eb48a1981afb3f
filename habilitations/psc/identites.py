"""Declare whose national identifier it is: an act of administration, before any sign-in."""

from django.conf import settings
from django.db import transaction

from habilitations.models import IdentiteProfessionnelle


def emetteur_configure() -> str:
    """The issuer under which the discovery document stands; read without any call."""
    return settings.PSC_DECOUVERTE.partition("/.well-known/")[0]


@transaction.atomic
def declarer(compte, identifiant_national: str, *, emetteur: str) -> IdentiteProfessionnelle:
    """ValidationError, in French, when the identifier is another account's."""
    identite = IdentiteProfessionnelle(
        compte=compte, emetteur=emetteur, identifiant_national=identifiant_national.strip()
    )
    identite.full_clean()
    identite.save()
    return identite
