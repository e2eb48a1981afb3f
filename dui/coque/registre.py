"""What the shell itself puts in the registries."""

from dui.coque import lectures
from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.models import Brouillon
from dui.socle.registres import EntreeRail, OngletDossier, SectionAccueil


def enregistrer():
    registres.rail.ajouter(
        EntreeRail("accueil", "Mon poste", "poste", "accueil", Bloc.ID, Action.RESUME, 10, "/")
    )
    registres.rail.ajouter(
        EntreeRail("residents", "Résidents", "residents", "residents", Bloc.ID, Action.RESUME, 20)
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("synthese", "Synthèse", "dossier", Bloc.ID, Action.RESUME, 10)
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "brouillons",
            "coque/_accueil_brouillons.html",
            mes_brouillons,
            Bloc.ID,
            Action.RESUME,
            20,
            "droite",
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "aujourdhui",
            "coque/_accueil_aujourdhui.html",
            lectures.aujourdhui,
            Bloc.ID,
            Action.RESUME,
            40,
            "droite",
        )
    )
    for nom, contexte, bloc, action, ordre, colonne in (
        ("occupation", lectures.occupation, Bloc.STA, Action.VOIR, 30, "gauche"),
        ("mouvements", lectures.mouvements, Bloc.ADM, Action.VOIR, 45, "droite"),
        ("a_completer", lectures.a_completer, Bloc.ADM, Action.SAISIR, 35, "gauche"),
    ):
        gabarit = f"coque/_accueil_{nom}.html"
        registres.sections_accueil.ajouter(
            SectionAccueil(nom, gabarit, contexte, bloc, action, ordre, colonne)
        )


def mes_brouillons(habilitation, lieu):
    miens = Brouillon.objects.visibles(habilitation).a_reprendre(habilitation)
    return {"brouillons": list(miens[:5])}
