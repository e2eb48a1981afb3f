from django.urls import path

from relation_usager.ouvertures import vues

app_name = "ouvertures"
PORTAIL = "dossiers/<uuid:dossier_id>/portail/"
UN = f"{PORTAIL}<int:acces_nominatif_id>/"

urlpatterns = [
    path(PORTAIL, vues.portail, name="portail"),
    path(f"{PORTAIL}ouvrir/", vues.ouvrir, name="ouvrir_personne"),
    path(f"{PORTAIL}ouvrir/<uuid:contact_id>/", vues.ouvrir, name="ouvrir_contact"),
    path(f"{UN}fermer/", vues.fermer, name="fermer"),
    path(f"{UN}code/", vues.code, name="code"),
]
