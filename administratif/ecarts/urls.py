from django.urls import path

from administratif.ecarts import vues

urlpatterns = [
    path("annuaire/ecarts/", vues.ecarts, name="annuaire_ecarts"),
    path("annuaire/ecarts/<uuid:ecart_annuaire_id>/", vues.juger, name="annuaire_ecart_juger"),
]
