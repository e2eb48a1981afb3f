"""Included by coordination/urls.py, in its namespace."""

from django.urls import path

from coordination.reunions import vues, vues_changement

REUNION = "reunions/<uuid:reunion_id>/"
POINT = "dossiers/<uuid:dossier_id>/reunions/<uuid:point_reunion_id>/"

urlpatterns = [
    path("reunions/", vues.liste, name="reunions"),
    path("reunions/nouvelle/", vues.nouvelle, name="reunion_nouvelle"),
    path(REUNION, vues.voir, name="reunion"),
    path(f"{REUNION}modifier/", vues_changement.modifier, name="reunion_modifier"),
    path(f"{REUNION}annuler/", vues_changement.annuler, name="reunion_annuler"),
    path("dossiers/<uuid:dossier_id>/reunions/", vues.du_dossier, name="reunion_points"),
    path(POINT, vues.point, name="reunion_point_voir"),
    path(f"{POINT}imprimer/", vues.point_imprimable, name="reunion_point_imprimable"),
    path(f"{POINT}ecrire/", vues.ecrire, name="reunion_point_ecrire"),
    path(f"{POINT}confier/", vues.confier, name="reunion_point_confier"),
]
