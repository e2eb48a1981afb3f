from django.urls import path

from habilitations.journal import vues

DOSSIER = "dossiers/<uuid:dossier_id>/journal/"

urlpatterns = [
    path(DOSSIER, vues.dossier, name="journal_dossier"),
    path(f"{DOSSIER}imprimer/", vues.dossier_imprimable, name="journal_dossier_imprimable"),
    path(f"{DOSSIER}export.csv", vues.dossier_csv, name="journal_dossier_csv"),
    path("journal/", vues.maisons, name="journal"),
    path("moi/journal/", vues.moi, name="mon_journal"),
]
