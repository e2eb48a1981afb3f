"""In which order INSi is asked (guide INS, search by traits): one call per first name, in the order
of the list, then the whole list; the first « 00 » ends it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from dui.connecteurs.insi.codes import code
from dui.connecteurs.insi.traits import Traits

TROUVE, AUCUN, PLUSIEURS = "00", "01", "02"
# Nobody has more than a few first names; a mistake of input must not become fifty calls.
PRENOMS_MAX = 8


@dataclass(frozen=True, repr=False)
class Appel:
    """One call: `prenom` is a first name, or the whole list joined by spaces."""

    nom: str
    prenom: str
    sexe: str
    naissance: str
    lieu: str


def appels(traits: Traits) -> tuple[Appel, ...]:
    un_par_un = traits.prenoms[:PRENOMS_MAX]
    demandes = dict.fromkeys([*un_par_un, " ".join(traits.prenoms)])
    return tuple(
        Appel(traits.nom, prenom, traits.sexe, traits.naissance, traits.lieu_transmis)
        for prenom in demandes
    )


def conclure(rendus: Iterable[str]) -> str:
    """The code of the whole: found, else several if any call said so, else nobody."""
    vus = set(rendus)
    return next((rang for rang in (TROUVE, PLUSIEURS) if rang in vus), AUCUN)


CONDITIONS = {
    "": lambda traits: True,
    "lieu_donne": lambda traits: bool(traits.lieu_transmis),
    "lieu_absent": lambda traits: not traits.lieu_transmis,
    "un_seul_prenom": lambda traits: len(traits.prenoms) == 1,
    "plusieurs_prenoms": lambda traits: len(traits.prenoms) > 1,
}


def aides(traits: Traits, rendu: str) -> tuple[str, ...]:
    """What to try next, said to the person who typed: « est-ce le nom de naissance ? » first."""
    lignes = code("CR", rendu).aides
    return tuple(aide.texte for aide in lignes if CONDITIONS[aide.si](traits))
