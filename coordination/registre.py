"""What this block offers to the others."""

from coordination.agenda import registre as agenda
from coordination.tournees import registre as tournees


def enregistrer():
    agenda.enregistrer()
    tournees.enregistrer()
