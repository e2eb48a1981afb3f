"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.evaluations.vues import grilles, indicateurs, lecture, pieces, saisie

EVALUATIONS = "dossiers/<uuid:dossier_id>/evaluations/"
GRILLES = "evaluations/grilles/"
GRILLE = f"{GRILLES}<uuid:grille_id>/"
UNE = f"{EVALUATIONS}<uuid:evaluation_id>/"

urlpatterns = [
    path("indicateurs/gmp/", indicateurs.gmp, name="gmp"),
    path("indicateurs/gmp/gmp.csv", indicateurs.gmp_csv, name="gmp_export"),
    path("indicateurs/gmp/pathos.csv", indicateurs.pathos_csv, name="pathos_export"),
    path("indicateurs/gmp/pmp/", indicateurs.pmp, name="gmp_pmp"),
    path("evaluations/a-valider/", lecture.a_valider, name="evaluations_a_valider"),
    path(GRILLES, grilles.liste, name="grilles"),
    path(f"{GRILLES}importer/", grilles.importer, name="grille_importer"),
    path(f"{GRILLES}schema.json", grilles.schema, name="grille_schema_export"),
    path(
        f"{GRILLES}livrees/<slug:grille>.json", grilles.exporter_livree, name="grille_livree_export"
    ),
    path(GRILLE, grilles.voir, name="grille_voir"),
    path(f"{GRILLE}definition.json", grilles.exporter, name="grille_export"),
    path(f"{GRILLE}publier/", grilles.publier, name="grille_publier"),
    path(
        f"{GRILLE}publications/<uuid:publication_grille_id>/retirer/",
        grilles.retirer,
        name="grille_retirer",
    ),
    path("evaluations/a-refaire/", lecture.a_refaire, name="evaluations_a_refaire"),
    path(
        "evaluations/a-refaire/imprimer/",
        lecture.a_refaire_imprimable,
        name="evaluations_a_refaire_imprimable",
    ),
    path(EVALUATIONS, lecture.liste, name="evaluations"),
    path(f"{EVALUATIONS}choisir/", saisie.choisir, name="evaluation_choisir"),
    path(f"{EVALUATIONS}nouvelle/<slug:grille>/", saisie.nouvelle, name="evaluation_nouvelle"),
    path(f"{EVALUATIONS}suivi/<slug:grille>/", lecture.suivi, name="evaluation_suivi"),
    path(f"{EVALUATIONS}regards/<slug:grille>/", lecture.croiser, name="evaluation_regards"),
    path(UNE, lecture.voir, name="evaluation_voir"),
    path(f"{UNE}remplir/", saisie.remplir, name="evaluation_remplir"),
    path(f"{UNE}corriger/", saisie.corriger, name="evaluation_corriger"),
    path(f"{UNE}abandonner/", saisie.abandonner, name="evaluation_abandonner"),
    path(f"{UNE}pieces/<uuid:document_id>/", pieces.ouvrir, name="evaluation_piece"),
    path(f"{UNE}imprimer/", lecture.imprimer, name="evaluation_imprimable"),
    path(f"{UNE}evaluation.pdf", lecture.en_pdf, name="evaluation_pdf"),
]
