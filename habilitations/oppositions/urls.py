from django.urls import path

from habilitations.oppositions import vues

app_name = "oppositions"
DOSSIER = "dossiers/<uuid:dossier_id>/"
urlpatterns = [
    path(f"{DOSSIER}pourquoi/", vues.pourquoi, name="pourquoi"),
    path(f"{DOSSIER}oppositions/nouvelle/", vues.opposer, name="opposer"),
    path(f"{DOSSIER}oppositions/<uuid:interdiction_id>/lever/", vues.lever, name="lever"),
]
