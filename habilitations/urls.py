from django.urls import include, path

from habilitations.administration.inscriptions import site
from habilitations.connexion import vues
from habilitations.journal.urls import urlpatterns as journal

urlpatterns = [
    path("", include("habilitations.bris.urls")),
    path("", include("habilitations.oppositions.urls")),
    path("", include("habilitations.moyens.urls")),
    path("", include("habilitations.equipe.urls")),
    path("", include("habilitations.prise_en_charge.urls")),
    path("", include("habilitations.reglages.urls")),
    path("", include("habilitations.simulation.urls")),
    path("administration/", site.urls),
    path("connexion/", vues.connexion, name="connexion"),
    path("connexion/code/", vues.code, name="connexion_code"),
    path("connexion/enrolement/", vues.enrolement, name="connexion_enrolement"),
    path("connexion/psc/", include("habilitations.psc.urls")),
    path("verrou/", vues.verrou, name="verrou"),
    path("deconnexion/", vues.deconnexion, name="deconnexion"),
    path("reprise/<uuid:saisie_id>/", vues.reprise, name="reprise"),
    path("reprise/<uuid:saisie_id>/oublier/", vues.reprise_oublier, name="reprise_oublier"),
    *journal,
]
