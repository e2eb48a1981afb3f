"""What the cellule puts in the registries: its place in the rail, its queues, its links."""

from functools import partial

from django.urls import reverse

from administratif.cellule import lectures, quarantaine
from administratif.cellule.registre import (
    FileCellule,
    LienCellule,
    Ligne,
    en_attente,
    files,
    liens,
)
from administratif.doublons import lectures as doublons
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.models import Fusion
from dui.socle.registres import EntreeRail, SectionAccueil

VALIDER, JUGER = "administratif:identite_valider", "administratif:identite_juger"


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "cellule",
            "Identités",
            "identite",
            "administratif:cellule",
            Bloc.IDV,
            ordre=75,
            prefixe="/identitovigilance/",
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil("cellule", "cellule/_accueil_identites.html", en_attente, Bloc.IDV, ordre=15)
    )
    for nom, libelle, icone, lire in (
        ("quarantaine", "Identités en quarantaine", "bouclier", quarantaine.lignes),
        ("douteuses", "Identités douteuses", "alerte", _file(lectures.douteuses, JUGER, "Décider")),
        ("attributs", "Attributs à juger", "homonyme", _file(lectures.attributs, JUGER, "Décider")),
        (
            "a_valider",
            "Identités à valider",
            "identite",
            _file(lectures.a_valider, VALIDER, "Valider"),
        ),
    ):
        ordre = 10 * (1 + len(list(files)))
        files.ajouter(
            FileCellule(nom, libelle, icone, f"administratif:cellule_{nom}", lire, ordre=ordre)
        )
    files.ajouter(
        FileCellule(
            "doublons",
            "Doublons à examiner",
            "comparer",
            "doublons:liste",
            _doublons,
            action=Action.VALIDER,
            ordre=35,
        )
    )
    liens.ajouter(
        LienCellule(
            "doublons", "Doublons", "comparer", "doublons:liste", action=Action.VALIDER, ordre=70
        )
    )
    liens.ajouter(
        LienCellule(
            "verifications",
            "Vérifier l’INS",
            "bouclier",
            "administratif:verifications_ins",
            action=Action.VALIDER,
            ordre=80,
        )
    )
    liens.ajouter(
        LienCellule(
            "indicateurs", "Indicateurs", "pilotage", "administratif:cellule_indicateurs", ordre=90
        )
    )


def _doublons(habilitation, etablissement, maximum) -> list[Ligne]:
    """Of the whole organisme: nobody is named here, who opens the pair is journaled."""
    return [
        Ligne(
            le=paire.trouve_le,
            url=reverse("doublons:paire", args=[paire.pk]),
            geste="Décider" if paire.proposee else "Examiner",
            libelle=_quoi(paire),
            detail="" if paire.second is None else doublons.pourquoi(paire),
        )
        for paire in doublons.a_juger(habilitation)[:maximum]
    ]


def _quoi(paire) -> str:
    if not paire.proposee:
        return paire.get_nature_display()
    return f"{Fusion.Sens(paire.proposee).label} à approuver"


def _file(requete, url_nom, geste):
    return partial(_lire, requete, url_nom, geste)


def _lire(requete, url_nom, geste, habilitation, etablissement, maximum):
    return lectures.lignes(requete(habilitation, etablissement), url_nom, geste, maximum)
