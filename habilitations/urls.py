from django.urls import include, path

from habilitations.administration.inscriptions import site
from habilitations.connexion import vues

urlpatterns = [
    path("", include("habilitations.equipe.urls")),
    path("", include("habilitations.reglages.urls")),
    path("administration/", site.urls),
    path("connexion/", vues.connexion, name="connexion"),
    path("connexion/code/", vues.code, name="connexion_code"),
    path("connexion/enrolement/", vues.enrolement, name="connexion_enrolement"),
    path("verrou/", vues.verrou, name="verrou"),
    path("deconnexion/", vues.deconnexion, name="deconnexion"),
    path("reprise/<uuid:saisie_id>/", vues.reprise, name="reprise"),
    path("reprise/<uuid:saisie_id>/oublier/", vues.reprise_oublier, name="reprise_oublier"),
]
