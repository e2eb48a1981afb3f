"""What this block offers to the others."""

from coordination.agenda import registre as agenda
from coordination.boite import registre as boite
from coordination.evenements import registre as evenements
from coordination.reunions import registre as reunions
from coordination.tournees import registre as tournees


def enregistrer():
    for partie in (agenda, tournees, boite, evenements, reunions):
        partie.enregistrer()
