"""What the rights themselves show: who works here, what each role may do, the broken glasses that
wait for their review."""

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, EntreeRail, OngletDossier
from habilitations.bris import lectures


def enregistrer():
    for entree in (
        EntreeRail(
            "bris", "Bris de glace", "urgence", "bris_de_glace:revue", Bloc.BDG, Action.VALIDER, 80
        ),
        EntreeRail("equipe", "Équipe", "badge", "equipe", Bloc.PAR, Action.ADMINISTRER, 85),
        EntreeRail(
            "matrice",
            "Droits",
            "tableau",
            "matrice",
            Bloc.PAR,
            Action.VOIR,
            90,
            "/habilitations/matrice/",
        ),
    ):
        registres.rail.ajouter(entree)
    registres.attentes.ajouter(
        Attente(
            "bris",
            a_revoir,
            Bloc.BDG,
            Action.VALIDER,
            libelle="Bris de glace à revoir",
            url_nom="bris_de_glace:revue",
        )
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("equipe", "Équipe", "equipe_dossier", Bloc.ID, ordre=90)
    )


def a_revoir(habilitation):
    return lectures.a_revoir_par(habilitation).a_revoir()
