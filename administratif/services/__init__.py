"""The writes of this block. One function = one act = one transaction."""

from administratif.services.contacts import (
    ajouter_contact,
    deplacer_contact,
    modifier_contact,
    remettre_contact,
    retirer_contact,
)
from administratif.services.identite import (
    VERROUILLES,
    corriger_traits,
    modifier_usage,
    noter_gir,
    peut_corriger,
)
from administratif.services.sejours import annuler_sortie, changer_de_place, noter_sortie

__all__ = [
    "VERROUILLES",
    "ajouter_contact",
    "annuler_sortie",
    "changer_de_place",
    "corriger_traits",
    "deplacer_contact",
    "modifier_contact",
    "modifier_usage",
    "noter_gir",
    "noter_sortie",
    "peut_corriger",
    "remettre_contact",
    "retirer_contact",
]
