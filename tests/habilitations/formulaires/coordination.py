"""Les formulaires de la coordination : boîte, événements, signalement, réunions."""

from django.utils import timezone

from coordination.models import (
    EnvoiEig,
    EvenementIndesirable,
    PointReunion,
    PreferenceNotification,
    Reunion,
    SignalementEig,
)
from dui.socle.models import LectureTache, Tache
from tests.coordination.factories import EigFactory, EvenementFactory, PointReunionFactory
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.taches.factories import TacheFactory


def _recue(dossier, compte):
    TacheFactory(dossier=dossier, compte=compte)
    return "/boite/"


def _une(dossier, compte):
    tache = TacheFactory(dossier=dossier, compte=compte)
    return f"/boite/{tache.pk}/"


def _geste(nom):
    return lambda dossier: f"/boite/{Tache.objects.get().pk}/{nom}/"


def _evenement(dossier, compte):
    return f"/dossiers/{dossier.pk}/evenements/{EvenementFactory(dossier=dossier).pk}/"


def _geste_de_l_evenement(nom):
    return lambda dossier: (
        f"/dossiers/{dossier.pk}/evenements/{EvenementIndesirable.objects.get().pk}/{nom}/"
    )


def _signalement(dossier, compte):
    return _evenement(dossier, compte) + "signalement/"


def _signale(etat):
    def page(dossier, compte):
        adresse = _evenement(dossier, compte)
        EigFactory(evenement=EvenementIndesirable.objects.get(), etat=etat)
        return adresse + "signalement/"

    return page


def _point(suffixe=""):
    def page(dossier, compte):
        return (
            f"/dossiers/{dossier.pk}/reunions/{PointReunionFactory(dossier=dossier).pk}/{suffixe}"
        )

    return page


def _reunion(suffixe):
    return lambda dossier, compte: (
        f"/reunions/{PointReunionFactory(dossier=dossier).reunion_id}/{suffixe}"
    )


def _confier(dossier):
    return f"/dossiers/{dossier.pk}/reunions/{PointReunion.objects.get().pk}/confier/"


def _a(dossier):
    return "fonction:IDE"


CHUTE = {
    "activite": "marche",
    "temoin": "non",
    "lesions": "plaie",
    "surveillance": "constantes",
    "lieu": "chambre",
    "circonstances": "Au pied du lit.",
    "gravite": "2",
    "famille": "oui",
    "famille_qui": "sa fille",
    "medecin": "non",
    "medecin_motif": "Appelé, ne répond pas.",
}
FORMULAIRES = (
    Cas(
        "transmettre à un collègue",
        "coordination/boite/transmettre.html",
        du_dossier("transmettre/"),
        Tache.objects.count,
        {"a": _a, "titre": "Rappeler sa fille"},
    ),
    Cas(
        "écrire à un collègue",
        "coordination/boite/ecrire.html",
        lambda dossier, compte: "/boite/ecrire/",
        Tache.objects.count,
        {"a": _a, "titre": "Clés de la pharmacie"},
    ),
    Cas(
        "faire depuis la boîte",
        "coordination/boite/_ligne.html",
        _recue,
        valeurs(Tache, "etat"),
        action=_geste("fait"),
    ),
    Cas(
        "dire ce qui a été fait",
        "coordination/boite/tache.html",
        _une,
        valeurs(Tache, "suite"),
        {"suite": "Fille rappelée."},
    ),
    Cas(
        "accuser lecture d’une demande",
        "coordination/boite/tache.html",
        _une,
        LectureTache.objects.count,
        action=lambda dossier: "/boite/lu/",
    ),
    Cas(
        "régler ses notifications",
        "coordination/notifications/page.html",
        lambda dossier, compte: "/notifications/",
        PreferenceNotification.objects.count,
        action=lambda dossier: "/notifications/preferences/",
    ),
    Cas(
        "déclarer une chute",
        "coordination/evenements/declarer.html",
        du_dossier("evenements/nouveau/chute/"),
        EvenementIndesirable.objects.count,
        CHUTE,
        role="AS",
    ),
    Cas(
        "passer un événement en analyse",
        "coordination/evenements/voir.html",
        _evenement,
        valeurs(EvenementIndesirable, "etat"),
        {"vers": "analyse"},
        action=_geste_de_l_evenement("avancer"),
    ),
    Cas(
        "ajouter une action au plan",
        "coordination/evenements/voir.html",
        _evenement,
        Tache.objects.count,
        {"titre": "Poser une barre", "a": _a, "pour_le": "01/01/2030"},
        action=_geste_de_l_evenement("action"),
    ),
    Cas(
        "écrire un signalement",
        "coordination/evenements/eig.html",
        _signalement,
        SignalementEig.objects.count,
        {"categorie": "4", "consequences": "Fracture.", "mesures": "Appel du 15."},
    ),
    Cas(
        "déclarer un signalement en interne",
        "coordination/evenements/eig.html",
        _signale("brouillon"),
        valeurs(SignalementEig, "etat"),
        {"vers": "declare"},
        action=_geste_de_l_evenement("signalement/avancer"),
    ),
    Cas(
        "noter un envoi à une autorité",
        "coordination/evenements/eig.html",
        _signale("declare"),
        EnvoiEig.objects.count,
        {
            "autorite": "ars",
            "moyen": "portail",
            "transmis_le": lambda dossier: f"{timezone.localtime():%d/%m/%Y %H:%M}",
        },
        action=_geste_de_l_evenement("signalement/transmettre"),
        role="QUALITE",
    ),
    Cas(
        "convoquer une réunion",
        "coordination/reunions/nouvelle.html",
        lambda dossier, compte: "/reunions/nouvelle/",
        Reunion.objects.count,
        {"prevue_le": "02/01/2030 14:00"},
    ),
    Cas(
        "modifier une réunion",
        "coordination/reunions/nouvelle.html",
        _reunion("modifier/"),
        valeurs(Reunion, "titre"),
        {"titre": "Synthèse du printemps"},
    ),
    Cas(
        "annuler une réunion",
        "coordination/reunions/annuler.html",
        _reunion("annuler/"),
        valeurs(Reunion, "motif"),
        {"motif": "Salle fermée"},
    ),
    Cas(
        "écrire le compte rendu d’une réunion",
        "coordination/reunions/ecrire.html",
        _point("ecrire/"),
        valeurs(PointReunion, "decisions"),
        {"decisions": "Veilleuse la nuit."},
    ),
    Cas(
        "confier une décision",
        "coordination/reunions/point.html",
        _point(),
        Tache.objects.count,
        {"titre": "Acheter la veilleuse", "a": _a, "pour_le": "01/01/2030"},
        action=_confier,
    ),
)
