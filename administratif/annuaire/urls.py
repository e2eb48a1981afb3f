from django.urls import path

from administratif.annuaire import vues

urlpatterns = [
    path("annuaire/", vues.annuaire, name="annuaire"),
    path("annuaire/choisir/", vues.choisir, name="annuaire_choisir"),
]
