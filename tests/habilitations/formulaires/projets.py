"""Les formulaires du projet personnalisé."""

from datetime import timedelta

from django.utils import timezone

from accompagnement.models import (
    AccordProjet,
    BilanProjet,
    Projet,
    SuiviProjet,
    VersionProjet,
)
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.projets.factories import ProjetFactory, brouillon, objectifs


def _du_projet(suffixe, *, avec_brouillon=False):
    def page(dossier, compte):
        projet = ProjetFactory(dossier=dossier)
        if avec_brouillon:
            brouillon(projet)
        return _adresse(dossier, suffixe.format(objectifs(projet)[0]["id"]))

    return page


def _adresse(dossier, suffixe):
    return f"/dossiers/{dossier.pk}/projets/{Projet.objects.get(dossier=dossier).pk}/{suffixe}"


def _vers_le_retrait(dossier):
    objectif = objectifs(Projet.objects.get(dossier=dossier))[0]["id"]
    return _adresse(dossier, f"preparer/objectif/{objectif}/retirer/")


def _bientot(dossier):
    return f"{timezone.localdate() + timedelta(days=20):%d/%m/%Y}"


CONTENUS = valeurs(VersionProjet, "contenu", "etat")
OBJECTIF = "preparer/objectif/{}/"

FORMULAIRES = (
    Cas(
        "ouvrir un projet",
        "accompagnement/projets/geste.html",
        du_dossier("projets/nouveau/"),
        Projet.objects.count,
        {"titre": "Projet d’accueil"},
    ),
    Cas(
        "écrire le cadre d’un projet",
        "accompagnement/projets/ecrire.html",
        _du_projet("preparer/cadre/", avec_brouillon=True),
        CONTENUS,
        {"histoire": "Elle a tenu une mercerie."},
    ),
    Cas(
        "ajouter un objectif",
        "accompagnement/projets/ecrire.html",
        _du_projet("preparer/objectif/nouveau/", avec_brouillon=True),
        CONTENUS,
        {"titre": "Aller au marché le samedi."},
    ),
    Cas(
        "modifier un objectif",
        "accompagnement/projets/ecrire.html",
        _du_projet(OBJECTIF, avec_brouillon=True),
        CONTENUS,
        {"description": "Avec un déambulateur."},
    ),
    Cas(
        "retirer un objectif",
        "accompagnement/projets/ecrire.html",
        _du_projet(OBJECTIF, avec_brouillon=True),
        CONTENUS,
        action=_vers_le_retrait,
    ),
    Cas(
        "arrêter une version",
        "accompagnement/projets/preparer.html",
        _du_projet("preparer/", avec_brouillon=True),
        CONTENUS,
        action=lambda dossier: _adresse(dossier, "preparer/arreter/"),
    ),
    Cas(
        "abandonner une version",
        "accompagnement/projets/preparer.html",
        _du_projet("preparer/", avec_brouillon=True),
        CONTENUS,
        action=lambda dossier: _adresse(dossier, "preparer/abandonner/"),
    ),
    Cas(
        "préparer une nouvelle version",
        "accompagnement/projets/geste.html",
        _du_projet("nouvelle-version/"),
        CONTENUS,
        {"motif": "deuil", "precision": "Le décès de son frère."},
    ),
    Cas(
        "noter un accord",
        "accompagnement/projets/accords.html",
        _du_projet("accords/"),
        AccordProjet.objects.count,
        {"moyen": "oral", "commentaire": "Elle a dit oui deux fois."},
    ),
    Cas(
        "faire un bilan",
        "accompagnement/projets/bilan.html",
        _du_projet("bilan/"),
        BilanProjet.objects.count,
        {"synthese": "Elle marche mieux."},
    ),
    Cas(
        "changer l’état d’un projet",
        "accompagnement/projets/geste.html",
        _du_projet("etat/"),
        valeurs(Projet, "statut"),
        {"statut": "EN_PAUSE", "constat": "Le temps de l’hospitalisation."},
    ),
    Cas(
        "avancer une révision",
        "accompagnement/projets/geste.html",
        _du_projet("revision/"),
        valeurs(Projet, "revision_le"),
        {"motif": "deuil", "le": _bientot, "constat": "Son frère est mort."},
    ),
    Cas(
        "noter où en est un objectif",
        "accompagnement/projets/geste.html",
        _du_projet("suivre/{}/"),
        SuiviProjet.objects.count,
        {"constat": "Trois repas sur cinq.", "pourcentage": "60"},
    ),
)
