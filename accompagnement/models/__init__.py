from accompagnement.models.cibles import Cible
from accompagnement.models.evaluations import Evaluation, PmpValide
from accompagnement.models.presences import CloturePresences
from accompagnement.models.quotidien import Absence, Habitude
from accompagnement.models.transmissions import Lecture, Transmission

__all__ = [
    "Absence",
    "Cible",
    "CloturePresences",
    "Evaluation",
    "Habitude",
    "Lecture",
    "PmpValide",
    "Transmission",
]
