"""What this block offers to the others."""

from admission.quarantaine import creer
from admission.recues import SOURCE
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.quarantaine import SourceIdentites, sources
from dui.socle.registres import EntreeRail


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "accueillir",
            "Accueillir",
            "ajouter-personne",
            "identites:rechercher",
            Bloc.ID,
            Action.SAISIR,
            ordre=70,
        )
    )
    registres.rail.ajouter(
        EntreeRail(
            "importer",
            "Importer",
            "importer",
            "admission:importations",
            Bloc.ADM,
            Action.SAISIR,
            ordre=80,
            prefixe="/importations/",
        )
    )
    sources.ajouter(SourceIdentites(SOURCE, "Liste importée", creer))
