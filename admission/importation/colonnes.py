"""Target columns, as data (colonnes.json), and the guess of what each header means."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from pathlib import Path

from admission.importation.lecture import Ligne, Tableau
from admission.importation.refus import FichierRefuse
from dui.socle.identite import forme_ins

_DONNEES = json.loads((Path(__file__).parent / "colonnes.json").read_text(encoding="utf-8"))
VERSION: str = _DONNEES["version"]
LIGNES_DE_TITRE = 15  # a title, a date of edition… may stand above the headers
CONFIANCE_MINIMALE = 0.5
_LIAISONS = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "en"}


@dataclass(frozen=True)
class Colonne:
    code: str
    libelle: str
    groupe: str
    obligatoire: bool
    maximum: int
    exemple: str
    synonymes: tuple[str, ...]
    aide: str = ""


@dataclass(frozen=True)
class Proposition:
    code: str
    confiance: float

    @property
    def sure(self) -> bool:
        return self.confiance >= 0.85


COLONNES: dict[str, Colonne] = {
    c["code"]: Colonne(**c | {"synonymes": tuple(c["synonymes"])}) for c in _DONNEES["colonnes"]
}
# The sex may come from the title (Mme, M.).
EQUIVALENTES = {"sexe": "civilite"}


def normaliser(titre: str) -> str:
    """« N° de Séc. Soc. » → « numero de securite sociale »; plurals and (e) are left out."""
    minuscules = re.sub(r"\(?[·.]?\(?e\)|\(s\)|·e?s?\b", "", forme_ins(titre).lower())
    mots = re.sub(r"[^a-z0-9]+", " ", minuscules).split()
    abreges = " ".join(_DONNEES["abreviations"].get(mot, mot) for mot in mots).split()
    return " ".join(m[:-1] if len(m) > 3 and m.endswith("s") else m for m in abreges)


def _sens(titre: str) -> frozenset[str]:
    return frozenset(titre.split()) - _LIAISONS


@cache
def _synonymes() -> list[tuple[str, str, frozenset[str]]]:
    return [
        (c.code, forme, _sens(forme))
        for c in COLONNES.values()
        for forme in dict.fromkeys(normaliser(s) for s in (*c.synonymes, c.libelle, c.code))
    ]


@cache
def _prudence() -> frozenset[str]:
    return frozenset(normaliser(t) for t in _DONNEES["prudence"])


def _note(titre: str, forme: str, sens: frozenset[str]) -> float:
    if titre == forme:
        return 0.6 if forme in _prudence() else 1.0
    mots = _sens(titre)
    if mots and mots == sens:
        return 0.6 if forme in _prudence() else 0.95
    if sens and sens < mots and mots - sens <= set(_DONNEES["mots_neutres"]):
        return 0.55 if forme in _prudence() else 0.9
    if len(forme) > 5 and abs(len(forme) - len(titre)) <= 2:
        ressemblance = SequenceMatcher(None, titre, forme).ratio()
        return 0.8 * ressemblance if ressemblance >= 0.88 else 0
    return 0


def deviner(titres: Sequence[str]) -> dict[int, Proposition]:
    """{rank of the column: proposition}; the surest first, never two columns for one target."""
    notes = [
        (_note(titre, forme, sens), -rang_cible, rang, code)
        for rang, titre in enumerate(normaliser(str(t)) for t in titres)
        if titre
        for rang_cible, (code, forme, sens) in enumerate(_synonymes())
    ]
    propositions: dict[int, Proposition] = {}
    prises: set[str] = set()
    # Equal notes: the leftmost column takes the first target.
    for note, _, rang, code in sorted(notes, key=lambda n: (-n[0], n[2], -n[1])):
        if note < CONFIANCE_MINIMALE:
            break
        if rang not in propositions and code not in prises:
            propositions[rang] = Proposition(code, note)
            prises.add(code)
    return dict(sorted(propositions.items()))


def trouver_entete(tableau: Tableau) -> Ligne:
    """Among the first rows, the one whose cells are the most recognised as headers."""
    premieres = list(islice(tableau.lignes(), LIGNES_DE_TITRE))

    def valeur(ligne: Ligne) -> float:
        return sum(p.confiance for p in deviner([str(c) for c in ligne.cellules]).values())

    meilleure = max(premieres, key=valeur)
    if valeur(meilleure) == 0:
        meilleure = premieres[0]
    if len([c for c in meilleure.cellules if c != ""]) < 2:
        raise FichierRefuse(
            "Le fichier n’a qu’une colonne : une liste en demande au moins quatre.",
            "Vérifiez le séparateur de colonnes, ou enregistrez la liste en .xlsx.",
        )
    return meilleure


def conseils(titres: Sequence[str]) -> list[str]:
    """What to tell about headers that mean something but are not imported."""
    presents = {normaliser(str(t)) for t in titres}
    return [
        c["conseil"]
        for c in _DONNEES["conseils"]
        if presents & {normaliser(t) for t in c["titres"]}
    ]


def defauts(correspondance: dict[int, str]) -> list[str]:
    """What forbids to use this mapping, in French; empty when it may be used."""
    codes = list(correspondance.values())
    trouves = []
    if inconnus := sorted(set(codes) - set(COLONNES)):
        trouves.append(f"Colonne inconnue : {', '.join(inconnus)}.")
    for colonne in COLONNES.values():
        if codes.count(colonne.code) > 1:
            trouves.append(f"« {colonne.libelle} » est choisie pour plusieurs colonnes.")
        manque = colonne.obligatoire and colonne.code not in codes
        if manque and EQUIVALENTES.get(colonne.code) not in codes:
            trouves.append(f"Aucune colonne ne donne « {colonne.libelle} », obligatoire.")
    return trouves
