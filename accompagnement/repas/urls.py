"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.repas import vues, vues_dossier

UNITE = "repas/<uuid:unite_id>/<str:jour>/"
UN = f"{UNITE}<slug:repas>/"
ALIMENTATION = "dossiers/<uuid:dossier_id>/repas/"

urlpatterns = [
    path("repas/", vues.repas, name="repas"),
    path("repas/cuisine/", vues.cuisine, name="repas_cuisine"),
    path("repas/cuisine/imprimer/", vues.cuisine_imprimable, name="repas_cuisine_imprimable"),
    path(f"{UNITE}invites/", vues.invites, name="repas_invites"),
    path(UN, vues.service, name="repas_service"),
    path(f"{UN}imprimer/", vues.repas_imprimable, name="repas_imprimable"),
    path(ALIMENTATION, vues_dossier.alimentation, name="alimentation"),
    path(f"{ALIMENTATION}regime/", vues_dossier.changer, name="alimentation_changer"),
    path(
        f"{ALIMENTATION}<uuid:repas_servi_id>/corriger/",
        vues_dossier.corriger,
        name="repas_corriger",
    ),
]
