"""What this layer offers to the shell."""

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import EntreeRail


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("equipe", "Équipe", "badge", "equipe", Bloc.PAR, Action.ADMINISTRER, 85)
    )
    registres.rail.ajouter(
        EntreeRail(
            "matrice",
            "Droits",
            "tableau",
            "matrice",
            Bloc.PAR,
            Action.VOIR,
            90,
            "/habilitations/matrice/",
        )
    )
