"""Code lists that are trees (SERAFIN-PH): in order, with the path that gives a leaf its meaning."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from dui.socle import codes

SEPARATEUR = " › "


@dataclass(frozen=True)
class Noeud:
    code: str
    libelle: str
    chemin: tuple[str, ...]  # labels of the ancestors, the root first
    enfants: list["Noeud"] = field(default_factory=list)

    @property
    def feuille(self) -> bool:
        return not self.enfants

    @property
    def en_contexte(self) -> str:
        return SEPARATEUR.join((*self.chemin, self.libelle))


def arbre(nomenclature: str) -> list[Noeud]:
    """The roots of a list; a code whose parent is not in it is a root."""
    noeuds: dict[str, Noeud] = {}
    racines = []
    actifs = {c: ligne for c, ligne in codes.codes(nomenclature).items() if ligne.actif}
    for code, ligne in actifs.items():
        parent = noeuds.get(ligne.parent)
        chemin = (*parent.chemin, parent.libelle) if parent else ()
        noeuds[code] = Noeud(code, ligne.libelle, chemin)
        (parent.enfants if parent else racines).append(noeuds[code])
    return racines


def parcourir(noeuds: list[Noeud]) -> Iterator[Noeud]:
    for noeud in noeuds:
        yield noeud
        yield from parcourir(noeud.enfants)


def chercher(nomenclature: str, texte: str) -> list[Noeud]:
    """By code (« 1.1 » and what is under it) or by words, accents and case aside, in any order."""
    mots = _plat(texte).split()
    if not mots:
        return []
    return [n for n in parcourir(arbre(nomenclature)) if _repond(n, mots)]


def _repond(noeud: Noeud, mots: list[str]) -> bool:
    texte = _plat(noeud.libelle)
    return all(mot in texte or f"{noeud.code}.".startswith(f"{mot.rstrip('.')}.") for mot in mots)


def _plat(texte: str) -> str:
    decompose = unicodedata.normalize("NFD", texte.replace("’", "'").casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))
