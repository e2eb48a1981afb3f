"""What the meetings offer to the others; called by coordination/registre.py."""

from django.urls import reverse

from coordination.reunions import lectures
from coordination.reunions.services import SOURCE
from dui.socle import registres, taches
from dui.socle.enums import Bloc
from dui.socle.registres import EntreeRail, SectionSynthese
from dui.socle.taches import SourceTache


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("reunions", "Réunions", "liste", "coordination:reunions", Bloc.PP, ordre=58)
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "reunion",
            "coordination/reunions/_synthese.html",
            lectures.derniere,
            Bloc.PP,
            ordre=58,
            colonne="large",
        )
    )
    taches.sources.ajouter(SourceTache(SOURCE, "une réunion", adresse))


def adresse(tache) -> str:
    return reverse("coordination:reunion_point", args=[tache.dossier_id, tache.source_id])
