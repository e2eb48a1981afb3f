"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.photos import vues

DOSSIER = "dossiers/<uuid:dossier_id>/"

urlpatterns = [
    path(f"{DOSSIER}photos/", vues.photos, name="photos"),
    path(f"{DOSSIER}photos/accord/", vues.decider, name="photos_decider"),
    path(
        f"{DOSSIER}transmissions/<uuid:transmission_id>/photos/<uuid:document_id>/",
        vues.photo,
        name="transmission_photo",
    ),
]
