"""What changed from one version to another, in an order one can read. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accompagnement.projets.contenu import (
    CADRE,
    GENRES,
    Champ,
    Contenu,
    Genre,
    Valeur,
    champs_du_cadre,
    elements,
)
from accompagnement.projets.trames import Trame

AJOUT, RETRAIT, MODIFICATION = "ajout", "retrait", "modification"
INVERSES = {AJOUT: RETRAIT, RETRAIT: AJOUT, MODIFICATION: MODIFICATION}


@dataclass(frozen=True)
class Changement:
    """One field of one element, or a whole element (`champ` empty) added or taken away."""

    sorte: str
    genre: str  # code of the genre, or « cadre »
    cle: str
    nom: str
    champ: Champ | None = None
    avant: Valeur = ""
    apres: Valeur = ""

    def inverse(self) -> tuple:
        """What the comparison read the other way must hold (the name aside: it may be what
        changed)."""
        return (INVERSES[self.sorte], self.genre, self.cle, self.champ, self.apres, self.avant)

    def direct(self) -> tuple:
        return (self.sorte, self.genre, self.cle, self.champ, self.avant, self.apres)


def comparer(avant: Contenu, apres: Contenu, trame: Trame) -> list[Changement]:
    """The frame first, then each kind of element; added, taken away, changed."""
    champs = champs_du_cadre(trame)
    changements = list(_champs(CADRE, "", "", champs, avant[CADRE], apres[CADRE]))
    for genre in GENRES.values():
        changements += _elements(genre, avant, apres)
    return changements


def _elements(genre: Genre, avant: Contenu, apres: Contenu):
    anciens = {e["id"]: e for e in elements(avant, genre.code)}
    nouveaux = {e["id"]: e for e in elements(apres, genre.code)}
    for cle, element in nouveaux.items():
        if cle not in anciens:
            yield Changement(AJOUT, genre.code, cle, genre.nom_de(element))
    for cle, element in anciens.items():
        if cle not in nouveaux:
            yield Changement(RETRAIT, genre.code, cle, genre.nom_de(element))
    for cle, element in nouveaux.items():
        if ancien := anciens.get(cle):
            nom = genre.nom_de(element)
            yield from _champs(genre.code, cle, nom, genre.champs, ancien, element)


def _champs(genre, cle, nom, champs, avant: Mapping[str, Any], apres: Mapping[str, Any]):
    for champ in champs:
        rien: Valeur = [] if champ.multiple else ""
        ancien, nouveau = avant.get(champ.nom, rien), apres.get(champ.nom, rien)
        if _compare(ancien) != _compare(nouveau):
            yield Changement(MODIFICATION, genre, cle, nom, champ, ancien, nouveau)


def _compare(valeur: Valeur):
    """Boxes that are ticked have no order."""
    return sorted(valeur) if isinstance(valeur, list) else valeur


def en_phrase(changement: Changement, dire: Callable[[Champ, Valeur], str]) -> str:
    """« Objectif ajouté : Marcher » ; « Objectif « Marcher », échéance : 12 mars → 30 juin »."""
    if changement.champ is None:
        genre = GENRES[changement.genre]
        mot = {AJOUT: "ajouté", RETRAIT: "retiré"}[changement.sorte]
        return f"{genre.libelle} {genre.accorder(mot)} : {changement.nom}"
    avant, apres = (
        dire(changement.champ, v) or "rien" for v in (changement.avant, changement.apres)
    )
    if changement.genre == CADRE:
        return f"{changement.champ.libelle} : {avant} → {apres}"
    genre = GENRES[changement.genre]
    if changement.champ.nom == genre.titre:
        return f"{genre.libelle} {genre.accorder('reformulé')} : « {avant} » → « {apres} »"
    ou = f"{genre.libelle} « {changement.nom} »"
    mot = changement.champ.libelle
    return f"{ou}, {mot[0].lower()}{mot[1:]} : {avant} → {apres}"
