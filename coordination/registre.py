"""What this block offers to the others."""

from coordination.boite import registre as boite
from coordination.evenements import registre as evenements
from coordination.reunions import registre as reunions


def enregistrer():
    boite.enregistrer()
    evenements.enregistrer()
    reunions.enregistrer()
