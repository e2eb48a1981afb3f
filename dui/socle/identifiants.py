"""What comes from outside in an address: identifiers and days."""

from datetime import date
from uuid import UUID

PREMIER, DERNIER = date(2000, 1, 1), date(2099, 1, 1)


def lire_uuid(texte: str | UUID | None) -> UUID | None:
    """None for anything that is not an identifier: it then finds nothing."""
    try:
        return UUID(str(texte or ""))
    except ValueError:
        return None


def lire_jour(texte: str | None) -> date | None:
    """None for anything that is not a day near enough to be shown."""
    try:
        lu = date.fromisoformat(texte or "")
    except ValueError:
        return None
    return lu if PREMIER < lu < DERNIER else None
