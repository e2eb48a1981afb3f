"""What the events offer to the others; called by coordination/registre.py."""

from coordination.evenements import lectures
from coordination.evenements.services import SOURCE
from coordination.evenements.vues.cadre import adresse
from coordination.models import EvenementIndesirable
from dui.socle import registres, taches
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Attente, EntreeRail, OngletDossier, SectionAccueil, SectionSynthese
from dui.socle.taches import SourceTache


def enregistrer():
    registres.rail.ajouter(
        EntreeRail(
            "evenements", "Événements", "drapeau", "coordination:registre", Bloc.EI, ordre=45
        )
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("evenements", "Événements", "coordination:evenements", Bloc.EI, ordre=60)
    )
    registres.sections_synthese.ajouter(
        SectionSynthese(
            "declarer",
            "coordination/evenements/_synthese_declarer.html",
            declarer,
            Bloc.EI,
            Action.SAISIR,
            ordre=85,
            colonne="cote",
        )
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "declarer",
            "coordination/evenements/_accueil_declarer.html",
            lambda habilitation, lieu: {"lieu": lieu} if lieu.etablissement else None,
            Bloc.EI,
            Action.SAISIR,
            ordre=8,
            colonne="droite",
        )
    )
    registres.attentes.ajouter(
        Attente(
            "evenements",
            lectures.a_suivre,
            Bloc.EI,
            ordre=50,
            libelle="Événements déclarés, à prendre en charge",
            url_nom="coordination:registre",
        )
    )
    taches.sources.ajouter(SourceTache(SOURCE, "un événement", adresse_de_la_source))


def adresse_de_la_source(tache) -> str:
    return adresse(EvenementIndesirable(pk=tache.source_id, dossier_id=tache.dossier_id), "voir")


def declarer(habilitation, dossier):
    """The way in of those who declare without reading the events of others: they have no tab."""
    if habilitation.peut_pour(dossier, Bloc.EI):
        return None
    return {"dossier": dossier}
