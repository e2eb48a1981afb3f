from coordination.boite import courriel, lectures  # noqa: F401  registers the sender
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, EntreeRail


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("boite", "Ma boîte", "message", "coordination:boite", Bloc.ID, Action.RESUME, 25)
    )
    registres.attentes.ajouter(
        Attente("boite", lectures.a_traiter, Bloc.ID, Action.RESUME, ordre=10)
    )
