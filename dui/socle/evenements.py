"""Write business events; rows, not signals: the flow stays visible in the code."""

from django.db import transaction

from dui.socle.models import Evenement


def noter(habilitation, type_: str, *, dossier=None, charge: dict | None = None) -> Evenement:
    """In the service's transaction. `charge`: identifiers and codes, never clinical text."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("noter() hors transaction")
    return Evenement.objects.create(
        type=type_, dossier=dossier, acteur=habilitation.compte, charge=charge or {}
    )
