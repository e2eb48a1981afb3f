from coordination.boite import courriel, lectures  # noqa: F401  registers the sender
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, SectionAccueil


def enregistrer():
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "boite",
            "coordination/boite/_accueil.html",
            on_me_demande,
            Bloc.ID,
            Action.RESUME,
            ordre=2,
            colonne="droite",
        )
    )
    registres.attentes.ajouter(
        Attente("boite", lectures.a_traiter, Bloc.ID, Action.RESUME, ordre=10)
    )


def on_me_demande(habilitation, lieu):
    """What the shell has counted: the home page reads nothing more for it."""
    return {"lieu": lieu}
