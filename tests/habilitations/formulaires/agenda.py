"""Les formulaires de l’agenda, des activités et des tournées."""

from datetime import timedelta

from django.utils import timezone

from coordination.models import Domicile, Participation, RendezVous, Ressource
from tests.agenda.factories import RendezVousFactory, dans
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs


def _demain():
    return f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"


def _page(suffixe, **champs):
    def page(dossier, compte):
        return f"/agenda/{RendezVousFactory(dossiers=[dossier], **champs).pk}/{suffixe}"

    return page


def _visite(dossier, compte):
    r = RendezVousFactory(visite=True, dossiers=[dossier], comptes=[compte], debut=dans(minutes=-3))
    return f"/dossiers/{dossier.pk}/visites/{r.pk}/"


UN_RENDEZ_VOUS = {
    "type": "consultation",
    "libelle": "Dr Petit, cardiologue",
    "jour": lambda dossier: _demain(),
    "debut": "14:00",
    "fin": "14:45",
}

FORMULAIRES = (
    Cas(
        "planifier un rendez-vous",
        "coordination/agenda/formulaire.html",
        du_dossier("agenda/nouveau/"),
        RendezVous.objects.count,
        UN_RENDEZ_VOUS,
    ),
    Cas(
        "planifier une activité",
        "coordination/agenda/formulaire.html",
        lambda dossier, compte: "/activites/nouvelle/",
        RendezVous.objects.count,
        UN_RENDEZ_VOUS | {"type": "creative", "participants": lambda dossier: str(dossier.pk)},
        role="EDUCATEUR",
    ),
    Cas(
        "modifier un rendez-vous",
        "coordination/agenda/formulaire.html",
        _page("modifier/", demain=True),
        valeurs(RendezVous, "lieu"),
        {"lieu": "Cabinet du port"},
    ),
    Cas(
        "annuler un rendez-vous",
        "coordination/agenda/annuler.html",
        _page("annuler/", demain=True),
        valeurs(RendezVous, "statut"),
        {"motif": "report"},
    ),
    Cas(
        "conclure un rendez-vous",
        "coordination/agenda/conclure.html",
        _page("conclure/"),
        valeurs(RendezVous, "compte_rendu"),
        {"compte_rendu": "Vue à l’heure, contrôle dans six mois."},
    ),
    Cas(
        "ajouter une salle",
        "coordination/agenda/ressources.html",
        lambda dossier, compte: "/agenda/ressources/",
        Ressource.objects.count,
        {"nom": "Salon bleu", "nature": "salle"},
    ),
    Cas(
        "noter une visite",
        "coordination/tournees/visite.html",
        _visite,
        valeurs(Participation, "presence", "note"),
        {"issue": "non_faite", "motif": "porte_close"},
        role="AS",
    ),
    Cas(
        "écrire le domicile",
        "coordination/tournees/domicile.html",
        du_dossier("domicile/"),
        Domicile.objects.count,
        {"adresse": "3 rue des Vignes", "code_postal": "49400", "ville": "Saumur"},
        role="SECRETAIRE",
    ),
)
