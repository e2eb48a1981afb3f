from habilitations.models.affectations import Affectation, MembreEquipe
from habilitations.models.exceptions import AccesNominatif, BrisDeGlace, Interdiction
from habilitations.models.postes import EchecConnexion, PriseDePoste
from habilitations.models.roles import Droit, Role

__all__ = [
    "AccesNominatif",
    "Affectation",
    "BrisDeGlace",
    "Droit",
    "EchecConnexion",
    "Interdiction",
    "MembreEquipe",
    "PriseDePoste",
    "Role",
]
