"""What the meetings offer to the others; called by coordination/registre.py."""

from django.urls import reverse

from coordination.reunions.services import SOURCE
from coordination.reunions.services_changement import CONVOCATION
from dui.socle import registres, taches
from dui.socle.enums import Bloc
from dui.socle.registres import EntreeRail, OngletDossier
from dui.socle.taches import SourceTache


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("reunions", "Réunions", "liste", "coordination:reunions", Bloc.PP, ordre=54)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("reunions", "Réunions", "coordination:reunion_points", Bloc.PP, ordre=70)
    )
    taches.sources.ajouter(SourceTache(SOURCE, "une réunion", adresse))
    taches.sources.ajouter(SourceTache(CONVOCATION, "une convocation", de_la_reunion))


def adresse(tache) -> str:
    return reverse("coordination:reunion_point_voir", args=[tache.dossier_id, tache.source_id])


def de_la_reunion(tache) -> str:
    return reverse("coordination:reunion", args=[tache.source_id])
