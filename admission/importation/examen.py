"""The examination of one row: its cells, the reasons to refuse it, the warnings."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from admission.importation import elements
from admission.importation.colonnes import COLONNES
from admission.importation.elements import ValeurRefusee
from admission.importation.lecture import Cellule
from admission.importation.valeurs_brutes import ErreurDeCalcul, Formule
from dui.socle import identite

T = TypeVar("T")
DATES = ("date_naissance", "entree_le")
NOMS = ("nom_naissance", "prenoms", "nom_utilise", "prenom_utilise")


@dataclass(frozen=True)
class Contexte:
    """`siecle` settles two-figure years; test numbers have no place in production."""

    aujourd_hui: date
    siecle: int | None = 1900
    accepte_test: bool = False


@dataclass(frozen=True)
class Rejet:
    ligne: int
    colonne: str
    valeur: str
    raison: str
    que_faire: str


@dataclass
class Examen:
    """Reads the cells of one row, collecting every reason to refuse it."""

    ligne: int
    valeurs: dict[str, Cellule]
    contexte: Contexte
    rejets: list[Rejet] = field(default_factory=list)
    avertissements: list[str] = field(default_factory=list)

    def rejeter(self, code: str, raison: str, que_faire: str) -> None:
        valeur = str(self.valeurs.get(code, ""))[:100]
        self.rejets.append(Rejet(self.ligne, COLONNES[code].libelle, valeur, raison, que_faire))

    def avertir(self, message: str) -> None:
        if message and message not in self.avertissements:
            self.avertissements.append(message)

    def texte(self, code: str) -> str:
        """The cell as one clean line; "" when it says that nothing is known."""
        valeur = self.valeurs.get(code, "")
        if isinstance(valeur, date):
            return valeur.isoformat()
        propre = " ".join(valeur.split())
        absente = not re.search(r"\w", propre)
        if code not in NOMS:
            absente = absente or identite.forme_ins(propre) in elements.ABSENTES
        return "" if absente else propre

    def lire(self, code: str, lecture: Callable[[str], T], defaut: T) -> T:
        texte = self.texte(code)
        if not texte:
            return defaut
        try:
            return lecture(texte)
        except ValeurRefusee as refus:
            self.rejeter(code, refus.raison, refus.que_faire)
            return defaut


def controler_cellules(examen: Examen) -> None:
    for code, valeur in examen.valeurs.items():
        if defaut := _defaut(code, valeur):
            examen.rejeter(code, *defaut)


def _defaut(code: str, valeur: Cellule) -> tuple[str, str] | None:
    if isinstance(valeur, date):
        if code in DATES:
            return None
        return (
            "Le tableur a transformé la valeur en date.",
            "Mettez la colonne au format Texte, puis saisissez de nouveau la valeur.",
        )
    if isinstance(valeur, ErreurDeCalcul):
        return "La formule de la cellule est en erreur.", "Remplacez-la par sa valeur."
    if isinstance(valeur, Formule) or elements.ressemble_a_une_formule(valeur):
        return (
            "La cellule contient une formule.",
            "Remplacez la formule par sa valeur (collage spécial, valeurs).",
        )
    if "\ufffd" in valeur:
        return "Un caractère est illisible.", "Enregistrez le fichier en UTF-8 ou en .xlsx."
    if valeur.count("\n") > 2:
        return (
            "La cellule contient plusieurs lignes : un guillemet n’est sans doute pas fermé.",
            "Retirez les retours à la ligne et les guillemets de la cellule.",
        )
    if len(valeur) > COLONNES[code].maximum:
        return (
            f"La valeur dépasse {COLONNES[code].maximum} caractères.",
            "Raccourcissez-la, ou choisissez une autre colonne.",
        )
    return None
