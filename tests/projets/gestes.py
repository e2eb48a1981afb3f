"""The services of a project, as one calls them in a test."""

import uuid
from datetime import timedelta

from django.utils import timezone

from accompagnement.projets import services, services_suivi
from accompagnement.projets.empreintes import empreinte

JOUR = timezone.localdate


def cadre(**autres):
    return {
        "titre": "Projet de Léa",
        "type": "PPA",
        "date_debut": JOUR().isoformat(),
        "revision": (JOUR() + timedelta(days=300)).isoformat(),
    } | autres


def ouvrir(h, dossier, **champs):
    champs = {"cadre": cadre(), "trame": "ime", "cle_saisie": uuid.uuid4()} | champs
    champs.setdefault("etablissement", dossier.sejours.get().etablissement)
    return services.ouvrir(h, dossier, **champs)


def ecrire(h, projet, genre, cle=None, lu="", **valeurs):
    cle = cle or uuid.uuid4()
    services.ecrire_element(
        h, projet.pk, projet.dossier, genre=genre, cle=cle, lu=lu, valeurs=valeurs
    )
    return str(cle)


def complet(h, dossier):
    projet = ouvrir(h, dossier)
    ecrire(h, projet, "attente", origine="usager", description="Apprendre à lire.")
    ecrire(h, projet, "objectif", titre="Lire son prénom")
    return projet


def arreter(h, projet):
    lu = empreinte(projet.versions.get(etat="brouillon").contenu)
    return services.arreter(h, projet.pk, projet.dossier, lu=lu)


def accord(h, projet, **dit):
    version = projet.versions.get(courante=True)
    dit = {
        "version_lue": version.numero,
        "cle_saisie": uuid.uuid4(),
        "partie": "usager",
        "qui": "Léa",
        "qualite": "personne",
        "avis": "accord",
        "moyen": "pictogrammes",
        "le": JOUR(),
    } | dit
    return services_suivi.noter_accord(h, projet.pk, projet.dossier, **dit)
