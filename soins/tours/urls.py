"""Included by soins/urls.py, in its namespace."""

from django.urls import path

from soins.tours import vues, vues_plan

UN = "tours/<uuid:unite_id>/<str:jour>/<slug:moment>/"
ACTES = "dossiers/<uuid:dossier_id>/actes/"

urlpatterns = [
    path("tours/", vues.tours, name="tours"),
    path(UN, vues.tour, name="tour"),
    path(f"{UN}imprimer/", vues.tour_imprimable, name="tour_imprimable"),
    path(ACTES, vues_plan.actes, name="actes"),
    path(f"{ACTES}planifier/", vues_plan.planifier, name="acte_planifier"),
    path(f"{ACTES}plan/<int:acte_planifie_id>/", vues_plan.modifier, name="acte_modifier"),
    path(f"{ACTES}<int:acte_realise_id>/corriger/", vues_plan.corriger, name="acte_corriger"),
]
