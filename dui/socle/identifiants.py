"""Identifiers that come from outside."""

from uuid import UUID


def lire_uuid(texte: str | UUID | None) -> UUID | None:
    """None for anything that is not an identifier: it then finds nothing."""
    try:
        return UUID(str(texte or ""))
    except ValueError:
        return None
