from django.db import models


class ModeSortie(models.TextChoices):
    """How a stay ends; stored on Sejour.mode_sortie."""

    DOMICILE = "domicile", "Retour à domicile"
    ETABLISSEMENT = "etablissement", "Autre établissement ou service"
    HOPITAL = "hopital", "Hospitalisation sans retour prévu"
    FIN = "fin_accueil", "Fin de l’accueil prévu"
    DECES = "deces", "Décès"
    AUTRE = "autre", "Autre"
