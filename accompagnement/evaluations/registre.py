"""What the evaluations offer to the others; called by accompagnement/registre.py."""

from accompagnement.evaluations import lectures
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import EntreeRail, OngletDossier, SectionAccueil, SectionSynthese


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("gmp", "GMP", "pilotage", "accompagnement:gmp", Bloc.STA, ordre=70)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier(
            "evaluations", "Évaluations", "accompagnement:evaluations", Bloc.EVA, ordre=50
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "a_valider",
            "accompagnement/evaluations/_accueil_a_valider.html",
            a_valider,
            Bloc.EVA,
            Action.VALIDER,
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
            colonne="gauche",
        )
    )


def a_valider(habilitation, lieu):
    """The drafts that wait for whoever may validate them; nothing to show when there are none."""
    lignes = lectures.a_valider(habilitation)
    return {"lignes": lignes} if lignes else None


def evaluer(habilitation, dossier):
    """The way in of those who fill in grids without reading them: they have no tab."""
    if habilitation.peut_pour(dossier, Bloc.EVA, Action.VOIR):
        return None
    return {"dossier": dossier}
