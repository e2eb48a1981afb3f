"""Lists that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.http import HttpResponse

ACTIFS = tuple("=+-@|＝＋－＠\t\r\n")
INVISIBLES = " \u00a0\u200b"  # what a spreadsheet may drop before it reads the sign


def inerte(valeur: object) -> str:
    """A leading apostrophe keeps a spreadsheet from reading « =cmd|… » as a formula."""
    texte = str(valeur)
    actif = texte.lstrip(INVISIBLES + "'\"").startswith(ACTIFS)
    texte = texte.replace("\r", " ").replace("\n", " ")
    return f"'{texte}" if actif else texte


def reponse_csv(lignes: Iterable[list], nom: str) -> HttpResponse:
    """The BOM lets Excel read the accents."""
    tampon = StringIO()
    redacteur = csv.writer(tampon, delimiter=";", quoting=csv.QUOTE_ALL)
    redacteur.writerows([inerte(v) for v in ligne] for ligne in lignes)
    reponse = HttpResponse("\ufeff" + tampon.getvalue(), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
