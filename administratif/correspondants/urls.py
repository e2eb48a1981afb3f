from django.urls import path

from administratif.correspondants import vues

CORRESPONDANTS = "dossiers/<uuid:dossier_id>/entourage/correspondants/"

urlpatterns = [
    path(CORRESPONDANTS, vues.correspondants, name="entourage_correspondants"),
    path(
        f"{CORRESPONDANTS}imprimable/", vues.imprimable, name="entourage_correspondants_imprimables"
    ),
    path(f"{CORRESPONDANTS}ajouter/", vues.ajouter, name="entourage_correspondant_ajouter"),
    path(
        f"{CORRESPONDANTS}<uuid:correspondant_id>/terminer/",
        vues.terminer,
        name="entourage_correspondant_terminer",
    ),
]
