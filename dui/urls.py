from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("", include("dui.coque.urls")),
    path("", include("habilitations.urls")),
    path("", include("accompagnement.urls")),
    path("", include("soins.urls")),
    path("", include("coordination.urls")),
    path("", include("administratif.urls")),
    path("", include("administratif.doublons.urls")),
    path("importations/", include("admission.urls")),
    path("", include("relation_usager.ouvertures.urls")),
    path("identites/", include("admission.creation.urls")),
    path("portail/", include("relation_usager.urls")),
]
if apps.is_installed("dui.demonstration"):
    urlpatterns.append(path("demo/", include("dui.demonstration.urls")))

handler400 = "dui.coque.erreurs.requete_illisible"
handler403 = "dui.coque.erreurs.interdit"
handler404 = "dui.coque.erreurs.introuvable"
handler500 = "dui.coque.erreurs.panne"
