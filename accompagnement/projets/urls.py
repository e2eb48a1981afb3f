"""Included by accompagnement/urls.py, in its namespace."""

from django.urls import path

from accompagnement.projets.vues import lecture, preparation, preuves, suivi

PROJETS = "dossiers/<uuid:dossier_id>/projets/"
UN = f"{PROJETS}<uuid:projet_id>/"
ELEMENT = f"{UN}preparer/<slug:genre>/"
OBJECTIF = f"{UN}objectifs/<uuid:objectif_id>/"

urlpatterns = [
    path("projets/", lecture.a_revoir, name="projets_a_revoir"),
    path(PROJETS, lecture.projets, name="projets"),
    path(f"{PROJETS}nouveau/", preparation.nouveau, name="projet_nouveau"),
    path(UN, lecture.voir, name="projet_voir"),
    path(f"{UN}versions/<int:numero>/", lecture.version, name="projet_version"),
    path(f"{UN}comparer/", lecture.comparer, name="projet_comparer"),
    path(f"{UN}imprimer/", lecture.imprimer, name="projet_imprimable"),
    path(f"{UN}projet.pdf", lecture.en_pdf, name="projet_pdf"),
    path(f"{UN}facile-a-lire/", lecture.facile, name="projet_facile"),
    path(
        f"{UN}facile-a-lire/imprimer/", lecture.facile_imprimable, name="projet_facile_imprimable"
    ),
    path(f"{UN}preparer/", preparation.preparer, name="projet_preparer"),
    path(f"{UN}preparer/cadre/", preparation.cadre, name="projet_cadre"),
    path(f"{UN}preparer/arreter/", preparation.arreter, name="projet_arreter"),
    path(f"{UN}preparer/abandonner/", preparation.abandonner, name="projet_abandonner"),
    path(f"{UN}nouvelle-version/", preparation.nouvelle_version, name="projet_nouvelle_version"),
    path(f"{ELEMENT}nouveau/", preparation.ajouter, name="projet_ajouter"),
    path(f"{ELEMENT}<uuid:element_id>/", preparation.element, name="projet_element"),
    path(f"{ELEMENT}<uuid:element_id>/retirer/", preparation.retirer, name="projet_retirer"),
    path(f"{UN}accords/", suivi.accords, name="projet_accords"),
    path(f"{UN}bilan/", suivi.bilan, name="projet_bilan"),
    path(f"{UN}etat/", suivi.etat, name="projet_etat"),
    path(f"{UN}revision/", suivi.revision, name="projet_revision"),
    path(f"{UN}suivre/<uuid:element_id>/", suivi.suivre, name="projet_suivre"),
    path(OBJECTIF, lecture.objectif, name="projet_objectif"),
    path(f"{OBJECTIF}preuves/", preuves.de_l_objectif, name="projet_preuves"),
    path(
        "dossiers/<uuid:dossier_id>/transmissions/<uuid:transmission_id>/objectifs/",
        preuves.de_la_transmission,
        name="projet_relier",
    ),
]
