"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.presences import vues, vues_absences

UNE = "dossiers/<uuid:dossier_id>/absences/<uuid:absence_id>/"

urlpatterns = [
    path("presences/", vues.presences, name="presences"),
    path("presences/mois.csv", vues.presences_csv, name="presences_csv"),
    path("presences/plusieurs/", vues.plusieurs, name="presences_plusieurs"),
    path("presences/registre/", vues.registre, name="registre"),
    path("presences/registre/clore/", vues.clore, name="registre_clore"),
    path("indicateurs/activite/", vues.activite, name="activite"),
    path("evacuation/", vues.evacuation_imprimable, name="evacuation_imprimable"),
    path("evacuation/presents.pdf", vues.evacuation_pdf, name="evacuation_pdf"),
    path(f"{UNE}constater/", vues_absences.constater, name="absence_constater"),
    path(f"{UNE}corriger/", vues_absences.corriger, name="absence_corriger"),
]
