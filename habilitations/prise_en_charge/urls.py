from django.urls import path

from habilitations.prise_en_charge import vues

EQUIPE = "dossiers/<uuid:dossier_id>/equipe/"
UN = f"{EQUIPE}<int:membre_equipe_id>/"
urlpatterns = [
    path(EQUIPE, vues.equipe, name="equipe_dossier"),
    path(f"{EQUIPE}ajouter/", vues.ajouter, name="equipe_dossier_ajouter"),
    path(f"{UN}terminer/", vues.terminer, name="equipe_dossier_terminer"),
    path(f"{UN}remplacer/", vues.remplacer, name="equipe_dossier_remplacer"),
]
