"""INSi, the teleservice of the national health identity: SOAP client, answers, readings of cartes
Vitale, and a local server that speaks the same. No Django, no model here.

`ClientInsi` is the seam; its docstring is the contract."""

from dui.connecteurs.insi.client import ClientInsi, Reglages
from dui.connecteurs.insi.codes import Geste
from dui.connecteurs.insi.erreurs import (
    AppelInterdit,
    EchecDeTransport,
    ErreurINSi,
    FauteDuService,
    LectureRefusee,
    ReponseRefusee,
)
from dui.connecteurs.insi.reponse import Echange, Identite, Matricule, Reponse, Verification
from dui.connecteurs.insi.traits import IdentiteAVerifier, Traits
from dui.connecteurs.insi.transport import Acces
from dui.connecteurs.insi.vitale import Beneficiaire, lire_carte

__all__ = [
    "Acces",
    "AppelInterdit",
    "Beneficiaire",
    "ClientInsi",
    "Echange",
    "EchecDeTransport",
    "ErreurINSi",
    "FauteDuService",
    "Geste",
    "Identite",
    "IdentiteAVerifier",
    "LectureRefusee",
    "Matricule",
    "Reglages",
    "Reponse",
    "ReponseRefusee",
    "Traits",
    "Verification",
    "lire_carte",
]
