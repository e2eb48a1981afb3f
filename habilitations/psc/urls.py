from django.urls import path

from habilitations.psc import vues

urlpatterns = [
    path("", vues.depart, name="psc_depart"),
    path("retour/", vues.retour, name="psc_retour"),
    path("choix/", vues.choix, name="psc_choix"),
    path("e-cps/", vues.e_cps, name="psc_e_cps"),
    path("e-cps/attente/", vues.attente, name="psc_attente"),
    path("e-cps/annuler/", vues.annuler, name="psc_annuler"),
    path("sortie/", vues.sortie, name="psc_sortie"),
]
