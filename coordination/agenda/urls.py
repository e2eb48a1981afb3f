"""Included by coordination/urls.py, in its namespace."""

from django.urls import path

from coordination.agenda.vues import conclusion, ecriture, flux, lecture, ressources, transports

DOSSIER = "dossiers/<uuid:dossier_id>/agenda/"
UN = "agenda/<uuid:rendez_vous_id>/"

urlpatterns = [
    path("agenda/", lecture.agenda, name="agenda"),
    path("agenda/imprimer/", lecture.agenda_imprimable, name="agenda_imprimable"),
    path("agenda/transports/", transports.liste, name="agenda_transports"),
    path("agenda/transports/imprimer/", transports.imprimable, name="agenda_transports_imprimable"),
    path("agenda/nouveau/", ecriture.nouveau, name="agenda_nouveau"),
    path("agenda/ressources/", ressources.liste, name="agenda_ressources"),
    path("agenda/ressources/<uuid:ressource_id>/", ressources.changer, name="agenda_ressource"),
    path("agenda/abonnement/", flux.abonnement, name="agenda_abonnement"),
    path("agenda/flux/<str:jeton>.ics", flux.calendrier, name="agenda_flux"),
    path(UN, lecture.rendez_vous, name="rendez_vous"),
    path(f"{UN}modifier/", ecriture.modifier, name="rendez_vous_modifier"),
    path(f"{UN}annuler/", ecriture.annuler, name="rendez_vous_annuler"),
    path(f"{UN}conclure/", conclusion.conclure, name="rendez_vous_conclure"),
    path("activites/nouvelle/", ecriture.nouvelle_activite, name="activite_nouvelle"),
    path(DOSSIER, lecture.agenda_personne, name="agenda_personne"),
    path(f"{DOSSIER}imprimer/", lecture.personne_imprimable, name="agenda_personne_imprimable"),
    path(f"{DOSSIER}nouveau/", ecriture.nouveau_pour, name="agenda_personne_nouveau"),
]
