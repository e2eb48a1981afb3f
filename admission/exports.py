"""The list of refused lines as a CSV that a spreadsheet opens without running anything."""

import csv
import re
from collections.abc import Iterable, Iterator

TITRES = ["Ligne", "Colonne", "Valeur", "Raison", "Que faire"]
_ACTIVE = re.compile(r"^[\s'\"]*[=+\-@＝＋－＠|\t\r]")


class _Echo:
    def write(self, texte: str) -> str:
        return texte


def inerte(valeur: object) -> str:
    """A leading apostrophe keeps a spreadsheet from reading « =cmd|… » as a formula."""
    texte = str(valeur).replace("\r", " ").replace("\n", " ")
    return f"'{texte}" if _ACTIVE.match(texte) else texte


def csv_des_rejets(rejets: Iterable) -> Iterator[str]:
    """Line by line; the BOM lets Excel read the accents."""
    redacteur = csv.writer(_Echo(), delimiter=";", quoting=csv.QUOTE_ALL)
    yield "\ufeff"
    yield redacteur.writerow(TITRES)
    for r in rejets:
        ligne = (r.ligne, r.colonne, r.valeur, r.raison, r.que_faire)
        yield redacteur.writerow([inerte(v) for v in ligne])
