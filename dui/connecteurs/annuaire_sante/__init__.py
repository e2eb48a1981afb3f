"""Annuaire Santé: client of its FHIR API. No Django, no model here."""

from dui.connecteurs.annuaire_sante.client import Client, Page, Reglages
from dui.connecteurs.annuaire_sante.erreurs import (
    CleRefusee,
    DemandeRefusee,
    ErreurAnnuaire,
    Injoignable,
    ReponseIllisible,
    TropDeDemandes,
)
from dui.connecteurs.annuaire_sante.ressources import (
    Bal,
    Exercice,
    Professionnel,
    Ressource,
    Structure,
    lire,
)

__all__ = [
    "Bal",
    "CleRefusee",
    "Client",
    "DemandeRefusee",
    "ErreurAnnuaire",
    "Exercice",
    "Injoignable",
    "Page",
    "Professionnel",
    "Reglages",
    "ReponseIllisible",
    "Ressource",
    "Structure",
    "TropDeDemandes",
    "lire",
]
