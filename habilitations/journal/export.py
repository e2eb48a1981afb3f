"""The journal of a record as a table for a spreadsheet: bounded, and harmless when opened."""

import csv
from collections.abc import Iterator

from django.utils import timezone

from habilitations.exports import inerte
from habilitations.journal import lectures
from habilitations.journal.lectures import Ligne

ENTETES = ("Dossier", "Date", "Heure", "Qui", "Fonction", "Quoi", "À quel titre", "Adresse")
BOM = "\ufeff"  # without it, Excel reads accents wrong


class _Echo:
    def write(self, texte):
        return texte


def lignes_csv(requete, dossier, maximum: int) -> Iterator[str]:
    # The answer is sent after the view: the zone of the establishment is no longer active then.
    fuseau = timezone.get_current_timezone()
    return _lignes(requete, dossier, maximum, fuseau)


def _lignes(requete, dossier, maximum, fuseau):
    ecrire = csv.writer(_Echo(), delimiter=";").writerow
    yield BOM + ecrire(ENTETES)
    for lot in lectures.par_lots(requete, maximum):
        yield "".join(ecrire(_cellules(e, dossier, fuseau)) for e in lot)


def _cellules(entree, dossier, fuseau) -> list[str]:
    ligne, quand = Ligne(entree), timezone.localtime(entree.horodatage, fuseau)
    valeurs = (
        dossier.numero,
        f"{quand:%d/%m/%Y}",
        f"{quand:%H:%M:%S}",
        ligne.qui,
        entree.metier,
        ligne.phrase,
        ligne.chemin,
        ligne.ou,
    )
    return [inerte(v) for v in valeurs]
