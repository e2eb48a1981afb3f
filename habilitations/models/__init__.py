from habilitations.models.administration import Activation, ReglageDroit, Revue
from habilitations.models.affectations import Affectation, MembreEquipe
from habilitations.models.exceptions import AccesNominatif, BrisDeGlace
from habilitations.models.postes import EchecConnexion, PriseDePoste
from habilitations.models.roles import Droit, Role

__all__ = [
    "AccesNominatif",
    "Activation",
    "Affectation",
    "BrisDeGlace",
    "Droit",
    "EchecConnexion",
    "MembreEquipe",
    "PriseDePoste",
    "ReglageDroit",
    "Revue",
    "Role",
]
