from django.urls import path

from habilitations.bris import vues

app_name = "bris_de_glace"
urlpatterns = [
    path("bris-de-glace/", vues.chercher, name="chercher"),
    path("bris-de-glace/revue/", vues.revue, name="revue"),
    path("bris-de-glace/revue/<uuid:cle>/", vues.conclure, name="conclure"),
    path("bris-de-glace/<uuid:dossier_id>/", vues.ouvrir, name="ouvrir"),
    path("dossiers/<uuid:dossier_id>/bris-de-glace/fermer/", vues.fermer, name="fermer"),
]
