from django.urls import path

from habilitations.connexion import vues_moyens
from habilitations.moyens import vues, vues_postes

MOI = "moi/connexion/"

urlpatterns = [
    path("connexion/secours/", vues_moyens.secours, name="connexion_secours"),
    path("connexion/cle/", vues_moyens.cle, name="connexion_cle"),
    path("connexion/cle/options/", vues_moyens.cle_options, name="connexion_cle_options"),
    path("connexion/relais/<uuid:passage_au_poste_id>/", vues_moyens.relais, name="relais"),
    path(MOI, vues.moyens, name="moyens"),
    path(f"{MOI}avis-lus/", vues.avis_lus, name="moyens_avis_lus"),
    path(f"{MOI}confirmer/", vues.confirmer, name="moyens_confirmer"),
    path(f"{MOI}preuve/options/", vues.preuve_options, name="moyens_preuve_options"),
    path(f"{MOI}mot-de-passe/", vues.mot_de_passe, name="moyens_mot_de_passe"),
    path(f"{MOI}codes-de-secours/", vues.codes_de_secours, name="moyens_codes_de_secours"),
    path(f"{MOI}code-personnel/", vues.code_personnel, name="moyens_code_personnel"),
    path(
        f"{MOI}code-personnel/plus-tard/",
        vues.code_personnel_plus_tard,
        name="moyens_code_plus_tard",
    ),
    path(f"{MOI}cles/ajouter/", vues.cle_ajouter, name="moyens_cle_ajouter"),
    path(f"{MOI}cles/options/", vues.cle_options, name="moyens_cle_options"),
    path(f"{MOI}cles/<uuid:cle_id>/retirer/", vues.cle_retirer, name="moyens_cle_retirer"),
    path(
        f"{MOI}sessions/<uuid:session_id>/fermer/",
        vues.session_fermer,
        name="moyens_session_fermer",
    ),
    path(
        f"{MOI}sessions/fermer-les-autres/",
        vues.sessions_fermer_les_autres,
        name="moyens_sessions_fermer",
    ),
    path("postes/", vues_postes.postes_de_travail, name="postes"),
    path("postes/delais/", vues_postes.delai_fixer, name="postes_delai"),
    path("postes/<uuid:poste_de_travail_id>/", vues_postes.poste_de_travail, name="poste"),
    path(
        "postes/<uuid:poste_de_travail_id>/revoquer/",
        vues_postes.poste_revoquer,
        name="poste_revoquer",
    ),
]
