"""What the projects offer to the others; called by accompagnement/registre.py."""

from accompagnement.projets import listes, preuves
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.registres import (
    Attente,
    EntreeRail,
    ListeObjectifs,
    OngletDossier,
    SectionAccueil,
    SectionPortail,
    SectionSynthese,
)

GABARITS = "accompagnement/projets"


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "projets", "Projets", "objectif", "accompagnement:projets_a_revoir", Bloc.PP, ordre=50
        )
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("projet", "Projet", "accompagnement:projets", Bloc.PP, ordre=55)
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "projets",
            f"{GABARITS}/_accueil.html",
            listes.du_referent,
            Bloc.PP,
            ordre=60,
            colonne="droite",
        )
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "projet",
            f"{GABARITS}/_synthese.html",
            listes.en_bref,
            Bloc.PP,
            Action.RESUME,
            ordre=40,
            colonne="cote",
        )
    )
    registres.sections_portail.ajouter(
        SectionPortail(
            "projet",
            "Votre projet",
            "objectif",
            f"{GABARITS}/_portail.html",
            listes.du_portail,
            Bloc.PP,
            ordre=5,
        )
    )
    registres.attentes.ajouter(Attente("projets_a_revoir", listes.a_revoir, Bloc.PP))
    registres.sources_preuves.ajouter(preuves.SOURCE)
    registres.listes_objectifs.ajouter(ListeObjectifs("projet", listes.a_servir, Bloc.PP))
