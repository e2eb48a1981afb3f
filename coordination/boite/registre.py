from coordination.boite import courriel, lectures  # noqa: F401  registers the sender
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, EntreeRail, SectionAccueil

ACCUEIL = 5


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("boite", "Ma boîte", "message", "coordination:boite", Bloc.ID, Action.RESUME, 25)
    )
    registres.attentes.ajouter(
        Attente("boite", lectures.a_traiter, Bloc.ID, Action.RESUME, ordre=10)
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "boite",
            "coordination/boite/_accueil.html",
            ce_qui_m_attend,
            Bloc.ID,
            Action.RESUME,
            ordre=15,
            colonne="droite",
        )
    )


def ce_qui_m_attend(habilitation, lieu):
    lignes = lectures.prochaines(habilitation, ACCUEIL)
    return {"lignes": lignes} if lignes else None
