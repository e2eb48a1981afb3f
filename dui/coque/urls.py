from django.conf import settings
from django.urls import path

from dui.coque.views import pages, soi

urlpatterns = [
    path("", pages.accueil, name="accueil"),
    path("residents/", pages.residents, name="residents"),
    path("residents/imprimer/", pages.residents_imprimables, name="residents_imprimables"),
    path("recherche/", pages.recherche, name="recherche"),
    path("dossiers/<uuid:dossier_id>/", pages.synthese, name="dossier"),
    path(
        "dossiers/<uuid:dossier_id>/imprimer/", pages.synthese_imprimable, name="dossier_imprimable"
    ),
    path("brouillons/", soi.mes_brouillons, name="brouillons"),
    path("brouillons/enregistrer/", soi.brouillon_enregistrer, name="brouillon_enregistrer"),
    path("brouillons/<uuid:brouillon_id>/", soi.brouillon, name="brouillon"),
    path("brouillons/<uuid:brouillon_id>/jeter/", soi.brouillon_jeter, name="brouillon_jeter"),
    path("preferences/", soi.preferences, name="preferences"),
    path("presence/", soi.presence, name="presence"),
    path("etat/", soi.etat, name="etat"),
]

if settings.DEMONSTRATION:
    from dui.coque.composants import composants

    urlpatterns.append(path("composants/", composants, name="composants"))
