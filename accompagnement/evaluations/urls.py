"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.evaluations.vues import indicateurs, lecture, saisie

EVALUATIONS = "dossiers/<uuid:dossier_id>/evaluations/"
UNE = f"{EVALUATIONS}<uuid:evaluation_id>/"

urlpatterns = [
    path("indicateurs/gmp/", indicateurs.gmp, name="gmp"),
    path("indicateurs/gmp/pmp/", indicateurs.pmp, name="gmp_pmp"),
    path("evaluations/a-valider/", lecture.a_valider, name="evaluations_a_valider"),
    path(EVALUATIONS, lecture.liste, name="evaluations"),
    path(f"{EVALUATIONS}choisir/", saisie.choisir, name="evaluation_choisir"),
    path(f"{EVALUATIONS}nouvelle/<slug:grille>/", saisie.nouvelle, name="evaluation_nouvelle"),
    path(f"{EVALUATIONS}suivi/<slug:grille>/", lecture.suivi, name="evaluation_suivi"),
    path(UNE, lecture.voir, name="evaluation_voir"),
    path(f"{UNE}remplir/", saisie.remplir, name="evaluation_remplir"),
    path(f"{UNE}corriger/", saisie.corriger, name="evaluation_corriger"),
    path(f"{UNE}abandonner/", saisie.abandonner, name="evaluation_abandonner"),
    path(f"{UNE}imprimer/", lecture.imprimer, name="evaluation_imprimable"),
    path(f"{UNE}evaluation.pdf", lecture.en_pdf, name="evaluation_pdf"),
]
