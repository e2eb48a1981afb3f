"""Short lists of two invented persons, and what became of their lines."""

from tests.admission.fichiers import csv

TITRES = ["Nom de naissance", "Prénoms", "Sexe", "Né(e) le", "Code INSEE naissance"]
MARIE = ["DURAND", "MARIE", "F", "12/05/1931", "69123"]
HENRI = ["LE GOFF", "HENRI", "M", "03/02/1940", "29019"]


def liste(*lignes, titres=TITRES):
    return csv([titres, *lignes])


def raisons(importation):
    return [(r.ligne, r.raison) for r in importation.rejets.all()]
