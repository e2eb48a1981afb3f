from django.urls import path

from accompagnement.cibles.urls import urlpatterns as cibles
from accompagnement.evaluations.urls import urlpatterns as evaluations
from accompagnement.photos.urls import urlpatterns as photos
from accompagnement.presences.urls import urlpatterns as presences
from accompagnement.projets.urls import urlpatterns as projets
from accompagnement.repas.urls import urlpatterns as repas
from accompagnement.views import quotidien, releve, transmissions

app_name = "accompagnement"
DOSSIER = "dossiers/<uuid:dossier_id>/"
FIL = f"{DOSSIER}transmissions/"
UNE = f"{FIL}<uuid:transmission_id>/"

urlpatterns = [
    path("releve/", releve.releve, name="releve"),
    path("releve/imprimer/", releve.releve_imprimable, name="releve_imprimable"),
    path("releve/lu/", releve.lu, name="lu"),
    path("transmissions/", transmissions.fil_du_lieu, name="fil_du_lieu"),
    path("transmissions/nouvelle/", transmissions.choisir_la_personne, name="choisir"),
    path(FIL, transmissions.fil, name="transmissions"),
    path(f"{FIL}imprimer/", transmissions.fil_imprimable, name="fil_imprimable"),
    path(f"{FIL}nouvelle/", transmissions.transmission_nouvelle, name="transmission_nouvelle"),
    path(f"{UNE}corriger/", transmissions.corriger, name="transmission_corriger"),
    path(f"{UNE}historique/", transmissions.historique, name="transmission_historique"),
    path(f"{UNE}partager/", transmissions.partager, name="transmission_partager"),
    path(f"{FIL}suites/<uuid:suite_id>/", transmissions.suite_faite, name="suite_faite"),
    path(f"{DOSSIER}absence/", quotidien.absence, name="absence"),
    path(f"{DOSSIER}qui-je-suis/", quotidien.qui_je_suis, name="qui_je_suis"),
    *cibles,
    *evaluations,
    *photos,
    *presences,
    *projets,
    *repas,
]
