"""What the meals offer to the others; called by accompagnement/registre.py."""

from accompagnement.repas import lectures
from dui.socle import registres
from dui.socle.enums import Action, Bloc, Domaine
from dui.socle.registres import EntreeRail, OngletDossier, SectionFiche

A_TABLE = frozenset(Domaine) - {Domaine.DOM}  # at home, no kitchen counts the meals


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "repas",
            "Repas",
            "repas",
            "accompagnement:repas",
            Bloc.NUT,
            Action.RESUME,
            ordre=27,
            domaines=A_TABLE,
        )
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("repas", "Repas", "accompagnement:alimentation", Bloc.NUT, ordre=36)
    )
    registres.sections_fiche.ajouter(
        SectionFiche(
            "alimentation",
            "accompagnement/repas/_fiche.html",
            alimentation,
            Bloc.NUT,
            ordre=35,
            colonne="droite",
        )
    )


def alimentation(habilitation, dossier):
    trouvee = lectures.en_vigueur(habilitation, dossier)
    return {"alimentation": trouvee} if trouvee else None
