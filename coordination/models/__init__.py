from coordination.models.evenements import (
    EnvoiEig,
    EtapeEvenement,
    EvenementIndesirable,
    PersonneConcernee,
    SignalementEig,
)
from coordination.models.notifications import PreferenceNotification
from coordination.models.reunions import Participant, PointReunion, Reunion

__all__ = [
    "EnvoiEig",
    "EtapeEvenement",
    "EvenementIndesirable",
    "Participant",
    "PersonneConcernee",
    "PointReunion",
    "PreferenceNotification",
    "Reunion",
    "SignalementEig",
]
