"""Included by coordination/urls.py, in its namespace."""

from django.urls import path

from coordination.activites import vues

urlpatterns = [
    path("activites/", vues.activites, name="activites"),
    path("activites/imprimer/", vues.activites_imprimables, name="activites_imprimables"),
    path("activites/valider/", vues.valider, name="activites_valider"),
]
