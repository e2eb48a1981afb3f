from django.urls import path

from administratif.views import fiche

app_name = "administratif"
DOSSIER = "dossiers/<uuid:dossier_id>/"

urlpatterns = [
    path(f"{DOSSIER}fiche-urgence/", fiche.fiche_urgence, name="fiche_urgence"),
    path(f"{DOSSIER}fiche-urgence.pdf", fiche.fiche_urgence_pdf, name="fiche_urgence_pdf"),
]
