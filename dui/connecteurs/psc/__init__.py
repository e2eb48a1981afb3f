"""Pro Santé Connect: OpenID Connect client, ID token, claims. No Django, no model here."""

from dui.connecteurs.psc.client import Client, DemandeCIBA, Jetons, Reglages, defi
from dui.connecteurs.psc.erreurs import (
    EnAttente,
    ErreurPSC,
    Injoignable,
    JetonInvalide,
    PlusLentement,
    Refus,
)
from dui.connecteurs.psc.identite import Activite, Exercice, Identite, lire

__all__ = [
    "Activite",
    "Client",
    "DemandeCIBA",
    "EnAttente",
    "ErreurPSC",
    "Exercice",
    "Identite",
    "Injoignable",
    "JetonInvalide",
    "Jetons",
    "PlusLentement",
    "Refus",
    "Reglages",
    "defi",
    "lire",
]
