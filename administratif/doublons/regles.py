"""What makes two identities look like one person's, and for how much. Pure; weights, threshold and
delays are data (donnees/regles.json)."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from dui.socle.identite import COG_INCONNU
from dui.socle.ressemblance import Traits, inversions, traits_proches

FICHIER = Path(__file__).parent / "donnees/regles.json"


@dataclass(frozen=True)
class Regles:
    seuil: int
    poids: dict[str, int]
    libelles: dict[str, str]
    proposition: timedelta
    motif_minimal: int  # characters
    page: int


def lire(donnees: dict[str, Any]) -> Regles:
    return Regles(
        seuil=donnees["seuil"],
        poids=donnees["poids"],
        libelles=donnees["libelles"],
        proposition=timedelta(days=donnees["proposition_jours"]),
        motif_minimal=donnees["motif_minimal"],
        page=donnees["page"],
    )


REGLES = lire(json.loads(FICHIER.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Identite:
    """The traits of a record, with what else tells two persons apart."""

    traits: Traits
    incomplete: str = ""
    matricule: str = ""
    oid: str = ""


def raisons(a: Identite, b: Identite) -> list[str]:
    """Codes of what they have in common; empty when nothing but chance brings them together."""
    meme_matricule = a.matricule != "" and (a.matricule, a.oid) == (b.matricule, b.oid)
    if not meme_matricule and not traits_proches(a.traits, b.traits):
        return []
    trouvees = ["matricule"] if meme_matricule else []
    trouvees += [_date(a, b), _nom(a.traits, b.traits), _prenom(a.traits, b.traits)]
    trouvees += ["sexe"] if a.traits.sexe == b.traits.sexe else []
    return [raison for raison in [*trouvees, _lieu(a.traits, b.traits)] if raison]


def score(codes: list[str], regles: Regles = REGLES) -> int:
    return max(0, sum(regles.poids[code] for code in codes))


def _date(a: Identite, b: Identite) -> str:
    if a.incomplete or b.incomplete:
        return "date_incomplete"
    if a.traits.naissance == b.traits.naissance:
        return "date"
    return "date_inversee" if b.traits.naissance in inversions(a.traits.naissance) else ""


def _nom(a: Traits, b: Traits) -> str:
    if a.nom == b.nom:
        return "nom"
    croises = {(a.nom, b.nom_utilise), (a.nom_utilise, b.nom)}
    return "nom_croise" if any(x == y != "" for x, y in croises) else "nom_proche"


def _prenom(a: Traits, b: Traits) -> str:
    memes = {a.premier_prenom, a.prenom_utilise} & {b.premier_prenom, b.prenom_utilise}
    return "prenom" if memes - {""} else "prenom_proche"


def _lieu(a: Traits, b: Traits) -> str:
    if COG_INCONNU in (a.cog, b.cog):
        return ""
    return "lieu" if a.cog == b.cog else "lieu_different"
