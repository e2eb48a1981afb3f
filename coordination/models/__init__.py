from coordination.models.domicile import Domicile
from coordination.models.flux import FluxAgenda
from coordination.models.participants import Intervenant, Participation, Reservation
from coordination.models.rendez_vous import RendezVous, Ressource, Serie

__all__ = [
    "Domicile",
    "FluxAgenda",
    "Intervenant",
    "Participation",
    "RendezVous",
    "Reservation",
    "Ressource",
    "Serie",
]
