"""Les formulaires des doublons, des collisions et des fusions."""

from administratif.doublons import services
from dui.socle.models import Doublon, Fusion
from habilitations.politique import Habilitation
from tests.habilitations.formulaires.cas import Cas, du_dossier, valeurs
from tests.socle.factories import DossierFactory, UsagerFactory

MOTIF = "La fille l’a confirmé au téléphone."


def _paire(dossier, compte):
    autre = DossierFactory(usager=UsagerFactory(nom_naissance="LE GOF"), sejour=None)
    premier, second = sorted((dossier, autre), key=lambda d: d.pk)
    doublon = Doublon.objects.create(
        organisme=dossier.organisme, premier=premier, second=second, score=90
    )
    return f"/identitovigilance/doublons/{doublon.pk}/"


def _paire_fusionnee(dossier, compte):
    from tests.doublons.factories import cellule

    page = _paire(dossier, compte)
    doublon = Doublon.objects.get()
    services.proposer(
        cellule(dossier), doublon.pk, retenu_id=dossier.pk, motif="La même, sa fille le dit."
    )
    services.approuver(Habilitation(compte), doublon.pk)
    return page


def _action(geste):
    return lambda dossier: f"/identitovigilance/doublons/{Doublon.objects.get().pk}/{geste}/"


FORMULAIRES = (
    Cas(
        "signaler une collision",
        "doublons/collision.html",
        du_dossier("identite/collision/"),
        Doublon.objects.count,
        {"texte": "Deux dates de naissance dans les courriers reçus."},
        role="IDENTITOVIG",
    ),
    Cas(
        "juger que ce sont deux personnes",
        "doublons/_ecarter.html",
        _paire,
        valeurs(Doublon, "etat"),
        {"motif": MOTIF},
        action=_action("ecarter"),
        role="IDENTITOVIG",
    ),
    Cas(
        "proposer une fusion",
        "doublons/_juger.html",
        _paire,
        Fusion.objects.count,
        {"motif": MOTIF, "retenu": lambda d: str(d.pk)},
        action=_action("proposer"),
        role="IDENTITOVIG",
    ),
    Cas(
        "proposer une défusion",
        "doublons/_fusion.html",
        _paire_fusionnee,
        Fusion.objects.count,
        {"motif": MOTIF},
        action=_action("defusionner"),
        role="IDENTITOVIG",
    ),
)
