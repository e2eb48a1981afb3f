"""The same person twice: in the file, or in the file and in the base (search by birth date)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import Enum

from admission.importation.regles import LigneValide
from dui.socle.identite import cle_comparaison
from dui.socle.ressemblance import Traits, inversions, memes_traits, traits_proches


class Verdict(Enum):
    NOUVELLE = "nouvelle"
    DEJA_PRESENTE = "deja_presente"
    PROBABLE = "probable"


def traits(ligne: LigneValide) -> Traits:
    return Traits(
        ligne.ligne,
        ligne.date_naissance,
        cle_comparaison(ligne.nom_naissance),
        cle_comparaison(ligne.prenoms),
        ligne.sexe,
        ligne.lieu_naissance_cog,
        cle_comparaison(ligne.nom_utilise),
        cle_comparaison(ligne.prenom_utilise),
    )


class Index:
    """Persons by birth date: comparing costs what shares the date, not the whole base."""

    def __init__(self, personnes: Iterable[Traits] = ()) -> None:
        self._par_date: dict[date, list[Traits]] = defaultdict(list)
        for personne in personnes:
            self.ajouter(personne)

    def ajouter(self, personne: Traits) -> None:
        self._par_date[personne.naissance].append(personne)

    def chercher(self, cherchee: Traits) -> tuple[Verdict, Traits | None]:
        du_jour = self._par_date.get(cherchee.naissance, [])
        for connue in du_jour:
            if memes_traits(connue, cherchee):
                return Verdict.DEJA_PRESENTE, connue
        for jour in inversions(cherchee.naissance):
            for connue in self._par_date.get(jour, []):
                if traits_proches(connue, cherchee):
                    return Verdict.PROBABLE, connue
        return Verdict.NOUVELLE, None
