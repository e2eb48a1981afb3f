"""What this block offers to the others."""

from dui.socle import registres
from dui.socle.enums import Bloc
from dui.socle.registres import OngletDossier


def enregistrer():
    registres.onglets_dossier.ajouter(
        OngletDossier("portail", "Portail", "ouvertures:portail", Bloc.JUR, ordre=85)
    )
