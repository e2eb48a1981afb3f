from accompagnement.models.evaluations import Evaluation, PmpValide
from accompagnement.models.grilles import Grille, PublicationGrille
from accompagnement.models.quotidien import Absence, Habitude
from accompagnement.models.transmissions import Lecture, Transmission

__all__ = [
    "Absence",
    "Evaluation",
    "Grille",
    "Habitude",
    "Lecture",
    "PmpValide",
    "PublicationGrille",
    "Transmission",
]
