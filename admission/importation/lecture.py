"""Open a list as rows, whatever its format, in constant memory. Every file is hostile.

A refusal comes before the reading wherever the container tells (size, archive), else as soon as
the reading crosses a limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, NamedTuple

from admission.importation import classeur, texte
from admission.importation.refus import ENREGISTRER_EN_XLSX, EXPORTER_DE_NOUVEAU, FichierRefuse

TAILLE_MAXIMALE = 25 * 2**20
LIGNES_MAXIMALES = 50_000
COLONNES_MAXIMALES = 60

Cellule = str | date


class Ligne(NamedTuple):
    """`numero` is the one a spreadsheet shows beside the row."""

    numero: int
    cellules: list[Cellule]


@dataclass
class Tableau:
    """A readable list; `lignes()` may be called several times, each call reads the file again."""

    flux: BinaryIO
    format: str
    details: dict[str, str] = field(default_factory=dict)
    avertissements: list[str] = field(default_factory=list)

    def lignes(self) -> Iterator[Ligne]:
        module = classeur if self.format == "xlsx" else texte
        rien = True
        for nombre, (numero, cellules) in enumerate(_pleines(module.lire(self.flux, self.details))):
            rien = False
            _borner(nombre, numero, cellules)
            yield Ligne(numero, cellules)
        if rien:
            raise _vide()


def _vide() -> FichierRefuse:
    return FichierRefuse(
        "Le fichier est vide.", "Choisissez un fichier qui contient une ligne de titres."
    )


def _pleines(lignes):
    for numero, cellules in lignes:
        while cellules and cellules[-1] == "":
            cellules.pop()
        if cellules:
            yield numero, cellules


def _borner(nombre: int, numero: int, cellules: list) -> None:
    if nombre > LIGNES_MAXIMALES:
        raise FichierRefuse(
            f"Le fichier compte plus de {LIGNES_MAXIMALES} lignes.",
            "Coupez-le en plusieurs fichiers, chacun avec sa ligne de titres.",
        )
    if len(cellules) > COLONNES_MAXIMALES:
        raise FichierRefuse(
            f"La ligne {numero} compte plus de {COLONNES_MAXIMALES} colonnes.",
            "Gardez seulement les colonnes utiles à la liste des personnes accompagnées.",
        )


# Containers that people send by mistake: first bytes, what it is.
_AUTRES_FORMATS = [
    (b"%PDF", "un document PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"{\\rtf", "un document de traitement de texte"),
    (b"\x1f\x8b", "une archive compressée"),
    (b"7z\xbc\xaf", "une archive compressée"),
    (b"Rar!", "une archive compressée"),
    (b"SQLite format 3", "une base de données"),
]


def _ancien_excel(flux: BinaryIO) -> FichierRefuse:
    flux.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in flux.read(TAILLE_MAXIMALE):
        return FichierRefuse(
            "Le classeur est protégé par un mot de passe.",
            "Retirez le mot de passe dans votre tableur, puis enregistrez le fichier en .xlsx.",
        )
    return FichierRefuse(
        "C’est un classeur à l’ancien format Excel (.xls).",
        "Ouvrez-le dans votre tableur et enregistrez-le en .xlsx.",
    )


def _page_web(tete: bytes) -> bool:
    debut = tete.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return debut.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<style", b"<meta"))


def ouvrir(flux: BinaryIO) -> Tableau:
    """The table behind these bytes, or FichierRefuse."""
    taille = flux.seek(0, 2)
    if taille == 0:
        raise _vide()
    if taille > TAILLE_MAXIMALE:
        raise FichierRefuse(
            f"Le fichier dépasse {TAILLE_MAXIMALE // 2**20} Mo.",
            "Coupez-le en plusieurs fichiers, ou retirez les images et les colonnes inutiles.",
        )
    flux.seek(0)
    tete = flux.read(512)
    if tete.startswith(b"PK"):
        details, avertissements = classeur.examiner(flux)
        return Tableau(flux, "xlsx", details, avertissements)
    if tete.startswith(b"\xd0\xcf\x11\xe0"):
        raise _ancien_excel(flux)
    for signature, nature in _AUTRES_FORMATS:
        if tete.startswith(signature):
            raise FichierRefuse(f"Ce fichier est {nature}, pas une liste.", EXPORTER_DE_NOUVEAU)
    if _page_web(tete):
        raise FichierRefuse("Ce fichier est une page web, pas une liste.", ENREGISTRER_EN_XLSX)
    details, avertissements = texte.examiner(flux)
    return Tableau(flux, "csv", details, avertissements)
