"""The same person twice: in the file, or in the file and in the base (RNIV, search by birth date).

The same traits are a certainty, close ones a doubt that a person settles.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import Enum

from admission.importation.regles import LigneValide
from dui.socle.ressemblance import (
    Traits,
    jour_et_mois_inverses,
    memes_traits,
    traits_de,
    traits_proches,
)


class Verdict(Enum):
    NOUVELLE = "nouvelle"
    DEJA_PRESENTE = "deja_presente"
    PROBABLE = "probable"


def traits(ligne: LigneValide) -> Traits:
    return traits_de(ligne, reference=ligne.ligne)


class Index:
    """Persons by birth date: comparing costs what shares the date, not the whole base."""

    def __init__(self, personnes: Iterable[Traits] = ()) -> None:
        self._par_date: dict[date, list[Traits]] = defaultdict(list)
        for personne in personnes:
            self.ajouter(personne)

    def ajouter(self, personne: Traits) -> None:
        self._par_date[personne.naissance].append(personne)

    def chercher(self, cherchee: Traits) -> tuple[Verdict, Traits | None]:
        if memes := self.memes(cherchee):
            return Verdict.DEJA_PRESENTE, memes[0]
        if proches := self.proches(cherchee):
            return Verdict.PROBABLE, proches[0]
        return Verdict.NOUVELLE, None

    def memes(self, cherchee: Traits) -> list[Traits]:
        """Two persons may bear the same strict traits: the file does not say which one it means."""
        return [t for t in self._par_date.get(cherchee.naissance, []) if memes_traits(t, cherchee)]

    def proches(self, cherchee: Traits) -> list[Traits]:
        du_jour = self._par_date.get(cherchee.naissance, [])
        inverse = jour_et_mois_inverses(cherchee.naissance)
        autres = (
            self._par_date.get(inverse, []) if inverse and inverse != cherchee.naissance else []
        )
        return [t for t in (*du_jour, *autres) if traits_proches(t, cherchee)]
