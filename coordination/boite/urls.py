"""Included by coordination/urls.py, in its namespace."""

from django.urls import path

from coordination.boite import vues

TACHE = "boite/<uuid:tache_id>/"

urlpatterns = [
    path("boite/", vues.boite, name="boite"),
    path("boite/ecrire/", vues.ecrire, name="ecrire"),
    path("boite/lu/", vues.lu, name="tache_lue"),
    path(TACHE, vues.voir, name="tache"),
    path(f"{TACHE}fait/", vues.fait, name="tache_faite"),
    path(f"{TACHE}annuler/", vues.annuler, name="tache_annulee"),
    path(f"{TACHE}reporter/", vues.reporter, name="tache_reportee"),
    path("dossiers/<uuid:dossier_id>/transmettre/", vues.transmettre, name="transmettre"),
]
