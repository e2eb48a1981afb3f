"""A project that is lived: one expectation, one need, two objectives, one action."""

import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accompagnement.models import ElementProjet
from accompagnement.projets import contenu as contenus
from tests.accompagnement.factories import TransmissionFactory
from tests.socle.factories import CompteFactory, DossierFactory


def contenu(**cadre) -> dict:
    """Other keys at each call: an element belongs to one project."""
    attente, besoin, marcher, chanter = (str(uuid.uuid4()) for _ in range(4))
    jour = timezone.localdate()
    return {
        "trame": "ehpad",
        "cadre": {
            "titre": "Projet personnalisé",
            "type": "PP",
            "histoire": "Institutrice à Saumur.",
            "date_debut": (jour - timedelta(days=200)).isoformat(),
            "revision": (jour + timedelta(days=160)).isoformat(),
        }
        | cadre,
        "participant": [{"id": str(uuid.uuid4()), "nom": "Lucie Petit", "qualite": "soeur"}],
        "attente": [
            {
                "id": attente,
                "origine": "usager",
                "description": "Manger en bas, sur mes deux jambes.",
                "mode": "entretien",
            }
        ],
        "besoin": [{"id": besoin, "description": "Entretenir la marche.", "attente": attente}],
        "objectif": [
            {
                "id": marcher,
                "titre": "Aller à pied à la salle à manger",
                "besoin": [besoin],
                "falc": "Je marche pour aller manger.",
                "pictogramme": "marche",
                "date_fin": (jour + timedelta(days=30)).isoformat(),
            },
            {"id": chanter, "titre": "Être à la chorale chaque mardi"},
        ],
        "action": [
            {"id": str(uuid.uuid4()), "titre": "Marche à 11 h 45", "objectif": [marcher]},
        ],
        "moyen": [],
        "prestation": [],
    }


class VersionFactory(DjangoModelFactory):
    """Settled, in force, for six months."""

    class Meta:
        model = "accompagnement.VersionProjet"

    class Params:
        brouillon = factory.Trait(
            etat="brouillon", courante=False, arretee_le=None, arretee_par=None, numero=2
        )

    numero = 1
    etat = "arretee"
    courante = True
    contenu = factory.LazyFunction(contenu)
    auteur = factory.SubFactory(CompteFactory)
    fonction = "Éducateur"
    ecrite_le = factory.LazyFunction(lambda: timezone.now() - timedelta(days=190))
    arretee_le = factory.LazyFunction(lambda: timezone.now() - timedelta(days=180))
    arretee_par = factory.LazyAttribute(lambda v: v.auteur)
    fonction_arret = "Éducateur"


class ProjetFactory(DjangoModelFactory):
    """Lived, with its version 1."""

    class Meta:
        model = "accompagnement.Projet"
        skip_postgeneration_save = True

    dossier = factory.SubFactory(DossierFactory)
    etablissement = factory.LazyAttribute(lambda p: p.dossier.sejours.first().etablissement)
    trame = "ehpad"
    titre = "Projet personnalisé"
    type = "PP"
    statut = "EN_COURS"
    date_debut = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=200))
    revision_le = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=160))
    cree_par = factory.SubFactory(CompteFactory)
    cree_le = factory.LazyFunction(lambda: timezone.now() - timedelta(days=200))

    @factory.post_generation
    def version(projet, creer, recue, **champs):
        if creer and recue is not False:
            lue = VersionFactory(projet=projet, **champs)
            nommer(lue)


def nommer(version):
    ElementProjet.objects.bulk_create(
        [
            ElementProjet(id=e["id"], projet=version.projet, genre=genre)
            for genre, e in contenus.suivis(version.contenu)
        ],
        ignore_conflicts=True,
    )


def objectifs(projet) -> list[dict]:
    return projet.versions.get(courante=True).contenu["objectif"]


def brouillon(projet, **contenu_):
    """A version 2 that begins as the version in force."""
    actuelle = projet.versions.get(courante=True)
    return VersionFactory(projet=projet, brouillon=True, contenu=actuelle.contenu | contenu_)


__all__ = ["ProjetFactory", "TransmissionFactory", "VersionFactory", "brouillon", "objectifs"]
