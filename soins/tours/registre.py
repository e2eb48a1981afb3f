"""What the round offers to the others; called by soins/registre.py."""

from dui.socle import registres
from dui.socle.enums import Action, Bloc, Domaine
from dui.socle.registres import EntreeRail, OngletDossier, SectionAccueil
from soins.tours import decomptes, lectures
from soins.tours.titres import accorde

EN_UNITE = frozenset(Domaine) - {Domaine.DOM}  # at home, the day goes by « Ma tournée »


def enregistrer():
    registres.sources_decomptes.ajouter(decomptes.SOURCE)
    registres.rail.ajouter(
        EntreeRail(
            "tour",
            "Tour de soins",
            "coeur",
            "soins:tours",
            Bloc.AVQ,
            Action.SAISIR,
            ordre=25,
            domaines=EN_UNITE,
        )
    )
    registres.onglets_dossier.ajouter(
        OngletDossier("actes", "Actes", "soins:actes", Bloc.AVQ, ordre=35)
    )
    registres.sections_accueil.ajouter(
        SectionAccueil(
            "tours",
            "soins/tours/_accueil_tours.html",
            du_moment,
            Bloc.AVQ,
            Action.SAISIR,
            ordre=5,
            colonne="droite",
        )
    )


def du_moment(habilitation, lieu):
    """For who works in a unit; a whole house has its own page (« Tour de soins »)."""
    if not lieu.unite or lieu.etablissement.domaine not in EN_UNITE:
        return None
    lignes = lectures.tours_du_moment(habilitation, lieu)
    for ligne in lignes:
        ligne["ecarts"] = accorde(ligne["compte"].ecarts, "écart")
    return {"lignes": lignes, "titre": lignes[0]["moment"].titre} if lignes else None
