from django.urls import path

from habilitations.simulation import vues

urlpatterns = [
    path("equipe/voir-comme/", vues.voir_comme, name="voir_comme"),
    path(
        "dossiers/<uuid:dossier_id>/voir-comme/",
        vues.voir_comme_dossier,
        name="voir_comme_dossier",
    ),
]
