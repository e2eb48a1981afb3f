"""What the rights themselves show: broken glasses that wait for their review."""

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, EntreeRail
from habilitations.bris import lectures


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "bris", "Bris de glace", "urgence", "bris_de_glace:revue", Bloc.BDG, Action.VALIDER, 80
        )
    )
    registres.attentes.ajouter(Attente("bris", a_revoir, Bloc.BDG, Action.VALIDER))


def a_revoir(habilitation):
    return lectures.a_revoir_par(habilitation).a_revoir()
