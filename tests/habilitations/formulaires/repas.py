"""Les formulaires des repas."""

from django.utils import timezone

from accompagnement.models import Alimentation, Invites, RepasServi
from accompagnement.repas import lectures
from tests.habilitations.formulaires.cas import Cas, du_dossier
from tests.repas.factories import RepasServiFactory


def _service(dossier, compte):
    jour, repas = lectures.en_ce_moment()
    return f"/repas/{dossier.sejours.get().unite_id}/{jour.isoformat()}/{repas.code}/"


def _servi(dossier, compte):
    servi = RepasServiFactory(dossier=dossier, auteur=compte)
    return f"/dossiers/{dossier.pk}/repas/{servi.pk}/corriger/"


def _invites(dossier, compte):
    jour = timezone.localdate()
    return f"/repas/{dossier.sejours.get().unite_id}/{jour.isoformat()}/invites/"


FORMULAIRES = (
    Cas(
        "noter un repas",
        "accompagnement/repas/service.html",
        _service,
        RepasServi.objects.count,
        role="AS",
    ),
    Cas(
        "corriger un repas",
        "accompagnement/repas/corriger.html",
        _servi,
        RepasServi.objects.count,
        {"ecart": "refus", "motif": "erreur de ligne"},
        role="AS",
    ),
    Cas(
        "changer le régime",
        "accompagnement/repas/changer.html",
        du_dossier("repas/regime/"),
        Alimentation.objects.count,
        {"texture": "mixee", "boisson": "gelifiee", "motif": "Bilan de déglutition"},
    ),
    Cas(
        "noter des invités",
        "accompagnement/repas/invites.html",
        _invites,
        Invites.objects.count,
        {"dejeuner": "2"},
        role="SECRETAIRE",
    ),
)
