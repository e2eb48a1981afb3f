"""Read a list of accounts (CSV). Every file is hostile: refused whole, or line by line."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO

TAILLE_MAXIMALE = 2**20
LIGNES_MAXIMALES = 1000
VALEUR_MAXIMALE = 200
COLONNES = ("action", "identifiant", "prenom", "nom", "role", "unite", "debut", "fin")
SEPARATEURS = ";,\t"
# Neither text nor a line break: what a binary or a trap holds.
BINAIRE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
AUTRES_FORMATS = (
    b"PK",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"<",
    b"\x1f\x8b",
)


class ListeRefusee(Exception):
    """The whole file: why, in French, for its owner."""


@dataclass(frozen=True)
class Ligne:
    """`numero` is the one that a spreadsheet shows beside the row."""

    numero: int
    valeurs: dict[str, str]

    def __getitem__(self, colonne: str) -> str:
        return self.valeurs.get(colonne, "")


@dataclass
class Bilan:
    crees: int = 0
    modifies: int = 0
    ajoutees: int = 0
    terminees: int = 0
    rejets: list[dict] = field(default_factory=list)
    codes: list[dict] = field(default_factory=list)
    simulation: bool = False

    @property
    def importee(self) -> bool:
        return not self.simulation and not self.rejets


def lire(contenu: bytes) -> list[Ligne]:
    texte = _decoder(contenu)
    premiere = texte.partition("\n")[0]
    separateur = max(SEPARATEURS, key=premiere.count)
    try:
        rangees = list(_rangees(texte, separateur))
    except csv.Error as erreur:
        raise ListeRefusee(
            "Une ligne du fichier est illisible (guillemet mal fermé ?)."
        ) from erreur
    if not rangees:
        raise ListeRefusee("Le fichier est vide.")
    titres = [_titre(t) for t in rangees[0][1]]
    _verifier(titres)
    return [Ligne(numero, _valeurs(titres, cellules)) for numero, cellules in rangees[1:]]


def _decoder(contenu: bytes) -> str:
    if len(contenu) > TAILLE_MAXIMALE:
        raise ListeRefusee(f"Le fichier dépasse {TAILLE_MAXIMALE // 2**20} Mo.")
    if contenu.startswith(AUTRES_FORMATS) or BINAIRE.search(contenu):
        raise ListeRefusee("Ce fichier n’est pas un texte CSV : enregistrez-le en « CSV UTF-8 ».")
    try:
        return contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        return contenu.decode("cp1252", "replace")


def _rangees(texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    lecteur = csv.reader(StringIO(texte, newline=""), delimiter=separateur, strict=True)
    for nombre, cellules in enumerate(lecteur, 1):
        if nombre > LIGNES_MAXIMALES + 1:
            raise ListeRefusee(f"Le fichier compte plus de {LIGNES_MAXIMALES} lignes : coupez-le.")
        if any(len(c) > VALEUR_MAXIMALE for c in cellules):
            raise ListeRefusee(f"La ligne {nombre} porte une valeur trop longue.")
        if any(c.strip() for c in cellules):
            yield nombre, [c.strip() for c in cellules]


def _titre(texte: str) -> str:
    nu = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode()
    return nu.strip().lower()


def _verifier(titres: list[str]) -> None:
    inconnus = [t for t in titres if t not in COLONNES]
    if inconnus or len(set(titres)) != len(titres):
        raise ListeRefusee(f"Les titres attendus, une fois chacun : {', '.join(COLONNES)}.")
    if "role" not in titres or not {"nom", "identifiant"} & set(titres):
        raise ListeRefusee("Il manque la colonne « role », ou « nom », ou « identifiant ».")


def _valeurs(titres: list[str], cellules: list[str]) -> dict[str, str]:
    # A leading apostrophe is what a spreadsheet adds to keep a formula asleep.
    return {t: c.removeprefix("'") for t, c in zip(titres, cellules, strict=False)}
