"""What this block offers to the others."""

from coordination.boite import registre as boite
from coordination.evenements import registre as evenements


def enregistrer():
    boite.enregistrer()
    evenements.enregistrer()
