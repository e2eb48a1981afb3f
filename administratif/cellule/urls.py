from django.urls import path

from administratif.cellule import vues

RACINE = "identitovigilance/"

urlpatterns = [
    path(RACINE, vues.accueil, name="cellule"),
    path(f"{RACINE}a-valider/", vues.a_valider, name="cellule_a_valider"),
    path(
        f"{RACINE}a-valider/imprimer/",
        vues.a_valider_imprimable,
        name="cellule_a_valider_imprimable",
    ),
    path(f"{RACINE}a-valider.pdf", vues.a_valider_pdf, name="cellule_a_valider_pdf"),
    path(f"{RACINE}douteuses/", vues.douteuses, name="cellule_douteuses"),
    path(f"{RACINE}attributs/", vues.attributs, name="cellule_attributs"),
    path(f"{RACINE}quarantaine/", vues.recues, name="cellule_quarantaine"),
    path(f"{RACINE}quarantaine/<uuid:identite_recue_id>/", vues.recue, name="cellule_recue"),
    path(f"{RACINE}indicateurs/", vues.chiffres, name="cellule_indicateurs"),
    path(
        "dossiers/<uuid:dossier_id>/identite/homonyme/",
        vues.confirmer_homonyme,
        name="identite_homonyme",
    ),
]
