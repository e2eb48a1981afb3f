from accompagnement.models.cibles import Cible
from accompagnement.models.evaluations import Evaluation, PmpValide
from accompagnement.models.grilles import Grille, PublicationGrille
from accompagnement.models.photos import DecisionPhotos, PhotoTransmission
from accompagnement.models.presences import CloturePresences
from accompagnement.models.projets import AccordProjet, ElementProjet, Projet, VersionProjet
from accompagnement.models.projets_suivi import BilanProjet, Preuve, SuiviProjet
from accompagnement.models.quotidien import Absence, Habitude
from accompagnement.models.repas import Alimentation, Invites, RepasServi
from accompagnement.models.transmissions import Lecture, Transmission

__all__ = [
    "Absence",
    "AccordProjet",
    "Alimentation",
    "BilanProjet",
    "Cible",
    "CloturePresences",
    "DecisionPhotos",
    "ElementProjet",
    "Evaluation",
    "Grille",
    "Habitude",
    "Invites",
    "Lecture",
    "PhotoTransmission",
    "PmpValide",
    "Preuve",
    "Projet",
    "PublicationGrille",
    "RepasServi",
    "SuiviProjet",
    "Transmission",
    "VersionProjet",
]
