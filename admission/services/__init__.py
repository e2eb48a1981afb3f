"""The writes of this block. One function = one act = one transaction."""

from admission.services.demandes import (
    annuler,
    choisir_correspondance,
    demander_import,
    demander_simulation,
    deposer_fichier,
    relancer,
)
from admission.services.execution import executer

__all__ = [
    "annuler",
    "choisir_correspondance",
    "demander_import",
    "demander_simulation",
    "deposer_fichier",
    "executer",
    "relancer",
]
