"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.cibles import vues, vues_macrocibles

FIL = "dossiers/<uuid:dossier_id>/transmissions/"
CIBLES = f"{FIL}cibles/"
UNE = f"{CIBLES}<uuid:cible_id>/"

urlpatterns = [
    path("transmissions/cibles/", vues.cibles_du_lieu, name="cibles_du_lieu"),
    path(CIBLES, vues.cibles, name="transmission_cibles"),
    path(UNE, vues.cible, name="transmission_cible"),
    path(f"{UNE}clore/", vues.clore, name="transmission_cible_clore"),
    path(f"{UNE}rouvrir/", vues.rouvrir, name="transmission_cible_rouvrir"),
    path(f"{UNE}relancer/", vues.relancer, name="transmission_cible_relancer"),
    path(f"{FIL}macrocibles/", vues_macrocibles.choisir, name="transmission_macrocibles"),
    path(
        f"{FIL}macrocibles/<slug:macrocible>/",
        vues_macrocibles.ecrire,
        name="transmission_macrocible",
    ),
    path(
        f"{FIL}<uuid:transmission_id>/macrocible/",
        vues_macrocibles.corriger,
        name="transmission_macrocible_corriger",
    ),
    path(
        f"{FIL}<uuid:transmission_id>/imprimer/",
        vues_macrocibles.imprimer,
        name="transmission_imprimable",
    ),
]
