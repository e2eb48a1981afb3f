from accompagnement.models.cibles import Cible
from accompagnement.models.evaluations import Evaluation, PmpValide
from accompagnement.models.presences import CloturePresences
from accompagnement.models.projets import (
    AccordProjet,
    BilanProjet,
    ElementProjet,
    Preuve,
    Projet,
    SuiviProjet,
    VersionProjet,
)
from accompagnement.models.quotidien import Absence, Habitude
from accompagnement.models.transmissions import Lecture, Transmission

__all__ = [
    "Absence",
    "AccordProjet",
    "BilanProjet",
    "Cible",
    "CloturePresences",
    "ElementProjet",
    "Evaluation",
    "Habitude",
    "Lecture",
    "PmpValide",
    "Preuve",
    "Projet",
    "SuiviProjet",
    "Transmission",
    "VersionProjet",
]
