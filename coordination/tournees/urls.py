"""Included by coordination/urls.py, in its namespace."""

from django.urls import path

from coordination.tournees import vues

DOSSIER = "dossiers/<uuid:dossier_id>/"

urlpatterns = [
    path("tournee/", vues.tournee, name="tournee"),
    path("tournee/imprimer/", vues.tournee_imprimable, name="tournee_imprimable"),
    path("tournees/", vues.suivi, name="tournees"),
    path(f"{DOSSIER}visites/<uuid:rendez_vous_id>/", vues.visite, name="visite"),
    path(f"{DOSSIER}domicile/", vues.domicile, name="domicile"),
]
