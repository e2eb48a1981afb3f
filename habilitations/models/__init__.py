from habilitations.models.affectations import Affectation, MembreEquipe
from habilitations.models.exceptions import AccesNominatif, BrisDeGlace
from habilitations.models.postes import EchecConnexion, PriseDePoste
from habilitations.models.psc import FlotPSC, IdentiteProfessionnelle, SessionPSC
from habilitations.models.roles import Droit, Role

__all__ = [
    "AccesNominatif",
    "Affectation",
    "BrisDeGlace",
    "Droit",
    "EchecConnexion",
    "FlotPSC",
    "IdentiteProfessionnelle",
    "MembreEquipe",
    "PriseDePoste",
    "Role",
    "SessionPSC",
]
