from django.urls import path

from habilitations.equipe import vues, vues_identite, vues_importation, vues_recertification
from habilitations.equipe.vues_activation import activation

urlpatterns = [
    path("activation/", activation, name="activation"),
    path("equipe/", vues.equipe, name="equipe"),
    path("equipe/remplacant/", vues.remplacant, name="equipe_remplacant"),
    path("equipe/revue/", vues_recertification.recertification, name="equipe_recertification"),
    path(
        "equipe/revue.csv",
        vues_recertification.recertification_csv,
        name="equipe_recertification_csv",
    ),
    path(
        "equipe/affectations/<uuid:affectation_id>/revoir/",
        vues_recertification.recertifier,
        name="equipe_recertifier",
    ),
    path("equipe/importer/", vues_importation.importation, name="equipe_importation"),
    path("equipe/importer/modele.csv", vues_importation.modele, name="equipe_importation_modele"),
    path("equipe/<int:compte_id>/", vues.membre, name="equipe_membre"),
    path("equipe/<int:compte_id>/acces/", vues.acces_redonner, name="equipe_acces"),
    path("equipe/<int:compte_id>/identite/", vues_identite.identite, name="equipe_identite"),
    path("equipe/<int:compte_id>/debloquer/", vues.debloquer, name="equipe_debloquer"),
    path("equipe/<int:compte_id>/activite/", vues.activite, name="equipe_activite"),
    path(
        "equipe/<int:compte_id>/affectation/",
        vues.affectation_ajouter,
        name="equipe_affectation",
    ),
    path(
        "equipe/affectations/<uuid:affectation_id>/terminer/",
        vues.affectation_terminer,
        name="equipe_terminer",
    ),
]
