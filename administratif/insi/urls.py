from django.urls import path

from administratif.insi import vues, vues_cellule

INSI = "dossiers/<uuid:dossier_id>/identite/insi/"

urlpatterns = [
    path(INSI, vues.reponse, name="identite_insi"),
    path(f"{INSI}interroger/", vues.interroger, name="identite_insi_interroger"),
    path(f"{INSI}verifier/", vues.verifier, name="identite_insi_verifier"),
    path(f"{INSI}carte/", vues.carte, name="identite_insi_carte"),
    path(f"{INSI}decider/", vues.decider, name="identite_insi_decider"),
    path(f"{INSI}appels/", vues.appels, name="identite_insi_appels"),
    path(f"{INSI}appels/<uuid:appel_insi_id>.xml", vues.brute, name="identite_insi_brute"),
    path("identitovigilance/verifications/", vues_cellule.verifications, name="verifications_ins"),
]
