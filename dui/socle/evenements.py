"""Write business events; rows, not signals: the flow stays visible in the code."""

from django.db import transaction

from dui.socle.models import Evenement


def noter(
    habilitation, type_: str, *, dossier=None, charge: dict | None = None, anonyme: bool = False
) -> Evenement:
    """In the service's transaction. `charge`: identifiers and codes, never clinical text.
    `anonyme`: where the law lets the author not be named."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("noter() hors transaction")
    acteur = None if anonyme else habilitation.compte
    return Evenement.objects.create(type=type_, dossier=dossier, acteur=acteur, charge=charge or {})
