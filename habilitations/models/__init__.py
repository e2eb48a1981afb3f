from habilitations.models.administration import Activation, ReglageDroit, Revue
from habilitations.models.affectations import Affectation, MembreEquipe
from habilitations.models.cles import CleAcces
from habilitations.models.exceptions import AccesNominatif, BrisDeGlace, Interdiction
from habilitations.models.postes import EchecConnexion, PriseDePoste
from habilitations.models.postes_de_travail import (
    CodePersonnel,
    DelaiVerrouillage,
    PassageAuPoste,
    PosteDeTravail,
)
from habilitations.models.psc import FlotPSC, IdentiteProfessionnelle, SessionPSC
from habilitations.models.roles import Droit, Role
from habilitations.models.sessions import Methode, SessionOuverte

__all__ = [
    "AccesNominatif",
    "Activation",
    "Affectation",
    "BrisDeGlace",
    "CleAcces",
    "CodePersonnel",
    "DelaiVerrouillage",
    "Droit",
    "EchecConnexion",
    "FlotPSC",
    "IdentiteProfessionnelle",
    "Interdiction",
    "MembreEquipe",
    "Methode",
    "PassageAuPoste",
    "PosteDeTravail",
    "PriseDePoste",
    "ReglageDroit",
    "Revue",
    "Role",
    "SessionOuverte",
    "SessionPSC",
]
