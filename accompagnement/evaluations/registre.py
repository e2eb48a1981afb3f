"""What the evaluations offer to the others; called by accompagnement/registre.py."""

from accompagnement.evaluations import rappels
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, EntreeRail, OngletDossier, SectionAccueil, SectionSynthese


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "a_valider",
            "À valider",
            "coche",
            "accompagnement:evaluations_a_valider",
            Bloc.EVA,
            Action.VALIDER,
            ordre=35,
        )
    )
    registres.rail.ajouter(
        EntreeRail("gmp", "GMP", "pilotage", "accompagnement:gmp", Bloc.STA, ordre=70)
    )
    registres.rail.ajouter(
        EntreeRail("grilles", "Grilles", "liste", "accompagnement:grilles", Bloc.PAR, ordre=92)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier(
            "evaluations", "Évaluations", "accompagnement:evaluations", Bloc.EVA, ordre=50
        )
    )
    registres.attentes.ajouter(
        Attente("evaluations", rappels.a_compter, Bloc.EVA, Action.SAISIR, accueil=True)
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "evaluations",
            "accompagnement/evaluations/_accueil_a_refaire.html",
            lambda habilitation, lieu: {"lieu": lieu},
            Bloc.EVA,
            Action.SAISIR,
            ordre=30,
            colonne="droite",
        )
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "evaluer",
            "accompagnement/evaluations/_synthese_evaluer.html",
            evaluer,
            Bloc.EVA,
            Action.SAISIR,
            ordre=80,
            colonne="cote",
        )
    )


def evaluer(habilitation, dossier):
    """The way in of those who fill in grids without reading them: they have no tab."""
    if habilitation.peut_pour(dossier, Bloc.EVA, Action.VOIR):
        return None
    return {"dossier": dossier}
