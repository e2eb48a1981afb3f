from coordination.models.domicile import Domicile
from coordination.models.evenements import (
    EnvoiEig,
    EtapeEvenement,
    EvenementIndesirable,
    PersonneConcernee,
    SignalementEig,
)
from coordination.models.flux import FluxAgenda
from coordination.models.notifications import PreferenceNotification
from coordination.models.participants import Intervenant, Participation, Reservation
from coordination.models.rendez_vous import RendezVous, Ressource, Serie
from coordination.models.reunions import Participant, PointReunion, Reunion

__all__ = [
    "Domicile",
    "EnvoiEig",
    "EtapeEvenement",
    "EvenementIndesirable",
    "FluxAgenda",
    "Intervenant",
    "Participant",
    "Participation",
    "PersonneConcernee",
    "PointReunion",
    "PreferenceNotification",
    "RendezVous",
    "Reservation",
    "Ressource",
    "Reunion",
    "Serie",
    "SignalementEig",
]
