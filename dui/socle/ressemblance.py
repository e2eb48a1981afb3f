"""Near identities (RNIV): the same rules for the search before a creation, the import of a list,
the quarantine and the search of duplicates. Pure.

The same traits are a certainty, close ones a doubt that a person settles.
"""

from dataclasses import dataclass
from datetime import date

from dui.socle.identite import COG_INCONNU, cle_comparaison

ANNEES_VOISINES = 3  # around an estimated year


@dataclass(frozen=True, slots=True)
class Traits:
    """What identifies a person, in comparison form. `reference`: a line number, or a base id."""

    reference: object
    naissance: date
    nom: str
    prenoms: str
    sexe: str
    cog: str = COG_INCONNU
    nom_utilise: str = ""
    prenom_utilise: str = ""

    @property
    def premier_prenom(self) -> str:
        return self.prenoms.split(" ")[0]


TRAITS_COMPARES = (
    *("date_naissance", "nom_naissance", "prenoms", "sexe", "lieu_naissance_cog"),
    *("nom_utilise", "prenom_utilise"),
)


def traits_de(usager, reference=None) -> Traits:
    """Of a person of the base (or of whoever has the same fields)."""
    return Traits(
        usager.pk if reference is None else reference,
        usager.date_naissance,
        cle_comparaison(usager.nom_naissance),
        cle_comparaison(usager.prenoms),
        usager.sexe,
        usager.lieu_naissance_cog or COG_INCONNU,
        cle_comparaison(usager.nom_utilise),
        cle_comparaison(usager.prenom_utilise),
    )


def a_une_lettre_pres(a: str, b: str) -> bool:
    """Levenshtein distance of at most one, in one pass."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    i = 0
    while i < len(a) and a[i] == b[i]:
        i += 1
    return a[i + 1 :] == b[i + 1 :] if len(a) == len(b) else a[i:] == b[i + 1 :]


def jour_et_mois_inverses(jour: date) -> date | None:
    try:
        return jour.replace(day=jour.month, month=jour.day)
    except ValueError:
        return None


def inversions(jour: date) -> list[date]:
    """The birth dates to search: the one given, and its day and month swapped."""
    inverse = jour_et_mois_inverses(jour)
    return [jour, inverse] if inverse else [jour]


def memes_traits(a: Traits, b: Traits) -> bool:
    """Strict traits; an unknown birth place contradicts none."""
    lieux_compatibles = a.cog == b.cog or COG_INCONNU in (a.cog, b.cog)
    return (
        (a.naissance, a.nom, a.prenoms, a.sexe) == (b.naissance, b.nom, b.prenoms, b.sexe)
    ) and lieux_compatibles


def traits_proches(a: Traits, b: Traits) -> bool:
    """Birth dates being equal or inverted: close names, or a used name for a birth name."""
    noms = [(x, y) for x in (a.nom, a.nom_utilise) for y in (b.nom, b.nom_utilise) if x and y]
    prenoms_a = {a.premier_prenom, a.prenom_utilise, a.prenoms} - {""}
    prenoms_b = {b.premier_prenom, b.prenom_utilise, b.prenoms} - {""}
    return any(a_une_lettre_pres(x, y) for x, y in noms) and any(
        a_une_lettre_pres(x, y) for x in prenoms_a for y in prenoms_b
    )
