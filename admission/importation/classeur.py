"""A sheet of an .xlsx workbook, streamed. A computed cell stays a formula: nobody typed it."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO
from zipfile import ZipFile

from admission.importation.archive import (
    PARTIE_MAXIMALE,
    Balises,
    abime,
    lire_partie,
    ouvrir_archive,
    parcourir,
    relations,
    trop_gros,
)
from admission.importation.refus import FichierRefuse
from admission.importation.valeurs_brutes import ErreurDeCalcul, Formule, nettoyer
from dui.socle.identite import depuis_numero_excel

TEXTES_MAXIMAUX = 1_000_000
COLONNES_LUES = 200  # further ones are not even looked at: the limit of a list is far lower
CELLULES_MAXIMALES = 3_500_000
RANGEES_MAXIMALES = 200_000  # empty rows included
CELLULES_PAR_RANGEE = 2**14
STYLES_MAXIMAUX = 100_000
CELLULE_MAXIMALE = 32_767  # Excel's own limit
_DATES_INTEGREES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_ORNEMENTS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|[_*].|General|Standard|AM/PM|A/P', re.IGNORECASE)


def _est_format_de_date(code: str) -> bool:
    return bool(re.search(r"[dyj]", _ORNEMENTS.sub("", code), re.IGNORECASE))


class _Classeur(Balises):
    def __init__(self) -> None:
        super().__init__()
        self.feuilles: list[tuple[str, str]] = []
        self.depuis_1904 = False

    def debut(self, nom, attributs):
        if nom == "sheet" and attributs.get("state", "visible") == "visible":
            relation = next((v for k, v in attributs.items() if k.endswith(":id")), "")
            self.feuilles.append((attributs.get("name", ""), relation))
        elif nom == "workbookPr":
            self.depuis_1904 = attributs.get("date1904") in ("1", "true")


class _Styles(Balises):
    """For each cell style: « date », a number of figures to keep (« 00000 »), or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.formats: dict[str, str] = {}
        self.styles: list[str | int | None] = []
        self._dans_styles = False

    def debut(self, nom, attributs):
        if nom == "numFmt":
            self.formats[attributs.get("numFmtId", "")] = attributs.get("formatCode", "")
        elif nom == "cellXfs":
            self._dans_styles = True
        elif nom == "xf" and self._dans_styles:
            if len(self.styles) >= STYLES_MAXIMAUX:
                raise trop_gros()
            self.styles.append(self._lecture(attributs.get("numFmtId", "0")))

    def fin(self, nom):
        if nom == "cellXfs":
            self._dans_styles = False

    def _lecture(self, identifiant: str) -> str | int | None:
        code = self.formats.get(identifiant)
        if code is None:
            integree = identifiant.isdigit() and int(identifiant) in _DATES_INTEGREES
            return "date" if integree else None
        if re.fullmatch(r"0{2,15}", code):
            return len(code)
        return "date" if _est_format_de_date(code) else None


class _Textes(Balises):
    """The shared strings; the phonetic readings (rPh) are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.textes: list[str] = []
        self._morceaux: list[str] = []
        self._ecoute = self._phonetique = False

    def debut(self, nom, attributs):
        if nom == "si":
            self._morceaux = []
        elif nom == "rPh":
            self._phonetique = True
        elif nom == "t":
            self._ecoute = not self._phonetique

    def texte(self, donnees):
        if self._ecoute:
            self._morceaux.append(donnees)

    def fin(self, nom):
        if nom == "t":
            self._ecoute = False
        elif nom == "rPh":
            self._phonetique = False
        elif nom == "si":
            if len(self.textes) >= TEXTES_MAXIMAUX:
                raise trop_gros()
            self.textes.append(nettoyer("".join(self._morceaux)[:CELLULE_MAXIMALE]))


def _rang_de_colonne(reference: str) -> int:
    rang = 0
    for lettre in reference[:4]:
        if not "A" <= lettre <= "Z":
            break
        rang = rang * 26 + ord(lettre) - 64
    return rang


class _Feuille(Balises):
    """Rows ready to be drained in `pretes`."""

    def __init__(self, textes: list[str], styles: list, depuis_1904: bool) -> None:
        super().__init__()
        self.pretes: list[tuple[int, list]] = []
        self._textes, self._styles, self._depuis_1904 = textes, styles, depuis_1904
        self._numero = self._colonne = self._nombre = 0
        self._rangees = self._dans_la_rangee = 0
        self._ligne: dict[int, str | date] = {}
        self._morceaux: list[str] = []
        self._type = self._style = ""
        self._formule = self._ecoute = self._phonetique = False

    def debut(self, nom, attributs):
        if nom == "row":
            numero = attributs.get("r", "")
            suivant = self._numero + 1
            self._numero = int(numero) if numero.isdecimal() and len(numero) < 8 else suivant
            self._ligne, self._colonne, self._dans_la_rangee = {}, 0, 0
            self._rangees += 1
            if self._rangees > RANGEES_MAXIMALES:
                raise trop_gros()
        elif nom == "c":
            self._nombre += 1
            self._dans_la_rangee += 1
            if self._nombre > CELLULES_MAXIMALES or self._dans_la_rangee > CELLULES_PAR_RANGEE:
                raise trop_gros()
            self._colonne = _rang_de_colonne(attributs.get("r", "")) or self._colonne + 1
            self._type, self._style = attributs.get("t", "n"), attributs.get("s", "")
            self._morceaux, self._formule = [], False
        elif nom == "f":
            self._formule = True
        elif nom == "rPh":
            self._phonetique = True
        elif nom in ("v", "t"):
            self._ecoute = not self._phonetique

    def texte(self, donnees):
        if self._ecoute:
            self._morceaux.append(donnees)

    def fin(self, nom):
        if nom in ("v", "t"):
            self._ecoute = False
        elif nom == "rPh":
            self._phonetique = False
        elif nom == "c" and self._colonne <= COLONNES_LUES:
            valeur = self._valeur("".join(self._morceaux)[:CELLULE_MAXIMALE])
            if valeur != "" or self._formule:
                self._ligne[self._colonne] = valeur
        elif nom == "row" and self._ligne:
            largeur = max(self._ligne)
            cellules = [self._ligne.get(rang, "") for rang in range(1, largeur + 1)]
            self.pretes.append((self._numero, cellules))

    def _valeur(self, brut: str) -> str | date:
        if self._type == "e":
            return ErreurDeCalcul(brut)
        if self._formule:
            return Formule(f"= {brut}")
        if self._type == "s":
            return self._texte_partage(brut)
        if self._type == "b":
            return "VRAI" if brut == "1" else "FAUX"
        if self._type == "d":
            return _date_iso(brut)
        return self._nombre_lu(brut) if self._type == "n" else nettoyer(brut)

    def _texte_partage(self, brut: str) -> str:
        rang = int(brut) if brut.isdecimal() and len(brut) < 9 else -1
        if not 0 <= rang < len(self._textes):
            raise abime()
        return self._textes[rang]

    def _nombre_lu(self, brut: str) -> str | date:
        try:
            nombre = float(brut)
        except ValueError:
            return nettoyer(brut)
        rang = int(self._style) if self._style.isdecimal() and len(self._style) < 7 else -1
        lecture = self._styles[rang] if 0 <= rang < len(self._styles) else None
        if lecture == "date" and 0 < nombre < 2_958_466:
            return depuis_numero_excel(int(nombre) + (1462 if self._depuis_1904 else 0))
        texte = f"{nombre:.15g}"
        return texte.zfill(lecture) if isinstance(lecture, int) and texte.isdigit() else texte


def _date_iso(brut: str) -> str | date:
    try:
        return datetime.fromisoformat(brut).date()
    except ValueError:
        return nettoyer(brut)


def _parties(archive: ZipFile) -> tuple[str, str, bool, dict[str, str], list[str]]:
    """(path of the first visible sheet, its name, 1904 dates, other parts, ignored sheets)."""
    classeur = next((c for s, c in relations(archive, "").values() if s == "officeDocument"), "")
    if classeur not in archive.namelist():
        raise abime()
    lu = _Classeur()
    lire_partie(archive, classeur, lu, 2**22)
    liens = relations(archive, classeur)
    autres = {sorte: chemin for sorte, chemin in liens.values() if sorte != "worksheet"}
    feuilles = [
        (nom, liens[relation][1])
        for nom, relation in lu.feuilles
        if liens.get(relation, ("", ""))[0] == "worksheet"
    ]
    if not feuilles:
        raise FichierRefuse(
            "Le classeur n’a aucune feuille de calcul visible.",
            "Affichez la feuille qui contient la liste, puis enregistrez de nouveau.",
        )
    return feuilles[0][1], feuilles[0][0], lu.depuis_1904, autres, [n for n, _ in feuilles[1:]]


def examiner(flux: BinaryIO) -> tuple[dict[str, str], list[str]]:
    archive = ouvrir_archive(flux)
    _, nom, _, _, ignorees = _parties(archive)
    avertissements = []
    if ignorees:
        noms = ", ".join(f"« {n[:40]} »" for n in ignorees[:5])
        avertissements.append(
            f"Seule la feuille « {nom[:40]} » est lue ; les autres sont ignorées : {noms}."
        )
    return {"feuille": nom}, avertissements


def lire(flux: BinaryIO, details: dict[str, str]) -> Iterator[tuple[int, list]]:
    """(number of the row, its cells up to the last one filled)."""
    archive = ouvrir_archive(flux)
    chemin, _, depuis_1904, autres, _ = _parties(archive)
    styles, textes = _Styles(), _Textes()
    for sorte, balises in (("styles", styles), ("sharedStrings", textes)):
        if autres.get(sorte) in archive.namelist():
            lire_partie(archive, autres[sorte], balises, 32 * 2**20)
    feuille = _Feuille(textes.textes, styles.styles, depuis_1904)
    for _ in parcourir(archive, chemin, feuille, PARTIE_MAXIMALE):
        yield from feuille.pretes
        feuille.pretes = []
