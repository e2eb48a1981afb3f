from django.urls import path

from soins.tours.urls import urlpatterns as tours
from soins.views import constantes, vigilances

app_name = "soins"
DOSSIER = "dossiers/<uuid:dossier_id>/"
CONSTANTES = f"{DOSSIER}constantes/"
MESURE = f"{CONSTANTES}<uuid:mesure_id>/"
VIGILANCES = f"{DOSSIER}vigilances/"
VIGILANCE = f"{VIGILANCES}<uuid:vigilance_id>/"

urlpatterns = [
    path(CONSTANTES, constantes.constantes, name="constantes"),
    path(f"{CONSTANTES}saisir/", constantes.saisir, name="constante_saisir"),
    path(f"{MESURE}corriger/", constantes.corriger, name="constante_corriger"),
    path(f"{MESURE}annuler/", constantes.annuler, name="constante_annuler"),
    path(VIGILANCES, vigilances.vigilances, name="vigilances"),
    path(f"{VIGILANCES}ajouter/", vigilances.ajouter, name="vigilance_ajouter"),
    path(f"{VIGILANCE}modifier/", vigilances.modifier, name="vigilance_modifier"),
    path(f"{VIGILANCE}lever/", vigilances.lever, name="vigilance_lever"),
    *tours,
]
