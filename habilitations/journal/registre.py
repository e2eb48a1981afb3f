from dui.socle import registres
from dui.socle.enums import Bloc
from dui.socle.registres import EntreeRail, OngletDossier


def enregistrer():
    registres.onglets_dossier.ajouter(
        OngletDossier("journal", "Accès", "journal_dossier", Bloc.AUD, ordre=95)
    )
    registres.rail.ajouter(
        EntreeRail("journal", "Journal", "historique", "journal", Bloc.AUD, ordre=95)
    )
