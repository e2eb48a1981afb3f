from coordination.boite import courriel, lectures  # noqa: F401  registers the sender
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, SectionAccueil

SUR_MON_POSTE = 3


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
    """The shell has counted them. For a whole house, one query names the first ones; a unit has
    its round and its day there, and no query left."""
    if lieu.unite:
        return {"lieu": lieu}
    return {"lignes": lectures.les_plus_pressantes(habilitation, SUR_MON_POSTE)}
