"""Included by coordination/urls.py, in its namespace. Each page of an event has two addresses: in
the record of the person, or in the register when it concerns nobody in particular."""

from django.urls import path

from coordination.evenements.vues import eig, fiche, registre
from coordination.evenements.vues.cadre import de_la_maison, du_dossier
from dui.socle.enums import Action

DOSSIER = "dossiers/<uuid:dossier_id>/evenements/"
MAISON = "evenements/"
UN = "<uuid:evenement_indesirable_id>/"
NOUVEAU = "nouveau/<slug:type_evenement>/"


def paire(suffixe, nom, vue, action=Action.VOIR):
    yield path(f"{DOSSIER}{suffixe}", du_dossier(vue, action), name=f"evenement_{nom}")
    yield path(f"{MAISON}{suffixe}", de_la_maison(vue, action), name=f"maison_{nom}")


urlpatterns = [
    path(MAISON, registre.registre, name="registre"),
    path(f"{MAISON}imprimer/", registre.registre_imprimable, name="registre_imprimable"),
    path(f"{MAISON}declarer/", registre.pour_qui, name="evenement_pour_qui"),
    path(DOSSIER, registre.liste, name="evenements"),
    path(f"{DOSSIER}declarer/", registre.choisir, name="evenement_choisir"),
    *paire(NOUVEAU, "nouveau", fiche.nouveau, Action.SAISIR),
    *paire(UN, "voir", fiche.voir),
    *paire(f"{UN}completer/", "completer", fiche.completer, Action.SAISIR),
    *paire(f"{UN}avancer/", "avancer", fiche.avancer, Action.SAISIR),
    *paire(f"{UN}action/", "action", fiche.ajouter_une_action, Action.SAISIR),
    *paire(f"{UN}imprimer/", "imprimable", fiche.imprimable),
    *paire(f"{UN}signalement/", "eig", eig.rediger, Action.SAISIR),
    *paire(f"{UN}signalement/avancer/", "eig_avancer", eig.avancer, Action.SAISIR),
    *paire(f"{UN}signalement/transmettre/", "eig_transmettre", eig.transmettre, Action.VALIDER),
    *paire(f"{UN}signalement/signalement.pdf", "eig_pdf", eig.en_pdf),
    path(
        f"{DOSSIER}{UN}preuve/<uuid:document_id>/",
        du_dossier(eig.preuve),
        name="evenement_preuve",
    ),
]
