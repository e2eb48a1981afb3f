"""What is asked, and what may never be: pure, before any network.

Names come in the form of the INS (capitals without accent); the caller has normalised them. What
has no equivalent is refused here, never erased."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dui.connecteurs.insi.codes import oids
from dui.connecteurs.insi.erreurs import AppelInterdit

LIEU_INCONNU = "99999"
ANNEE_MIN = 1850
LISTE_MAX = 300  # characters
BLOQUANTS = {"douteuse": "identite_douteuse", "fictive": "identite_fictive"}

_NOM = re.compile(r"'?[A-Z]+(?:(?:-{1,2}|[' ])[A-Z]+)*'?")
_PRENOM = re.compile(r"'?[A-Z]+(?:[-' ][A-Z]+)*")
_LIEU = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_NAISSANCE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MATRICULE = re.compile(r"\d{5}(?:\d{2}|2[AB])\d{8}", re.ASCII)


@dataclass(frozen=True, repr=False)
class Traits:
    """`naissance`: AAAA-MM-JJ. An incomplete date comes already completed by the rule of the guide
    (01 for an unknown day or month, 31/12 for both); a day or month at 00 is refused. `lieu`: COG,
    2A and 2B for Corsica, empty or 99999 when unknown, and then not sent. `attributs`: those of
    the identity (homonyme, douteuse, fictive)."""

    nom: str
    prenoms: tuple[str, ...]
    sexe: str
    naissance: str
    lieu: str = ""
    attributs: frozenset[str] = frozenset()

    @property
    def lieu_transmis(self) -> str:
        return "" if self.lieu == LIEU_INCONNU else self.lieu


@dataclass(frozen=True, repr=False)
class IdentiteAVerifier:
    """A matricule never goes without its OID."""

    traits: Traits
    matricule: str
    oid: str


def garder_les_attributs(attributs: frozenset[str]) -> None:
    for attribut, motif in BLOQUANTS.items():
        if attribut in attributs:
            raise AppelInterdit(motif)


def garder(traits: Traits) -> None:
    garder_les_attributs(traits.attributs)
    if not _NOM.fullmatch(traits.nom) or len(traits.nom) > 100:
        raise AppelInterdit("nom_interdit")
    justes = all(_PRENOM.fullmatch(p) and len(p) <= 100 for p in traits.prenoms)
    if not traits.prenoms or not justes or len(" ".join(traits.prenoms)) > LISTE_MAX:
        raise AppelInterdit("prenom_interdit")
    if traits.sexe not in ("M", "F"):
        raise AppelInterdit("sexe_interdit")
    garder_la_naissance(traits.naissance)
    if traits.lieu and not _LIEU.fullmatch(traits.lieu):
        raise AppelInterdit("lieu_interdit")


def garder_la_naissance(naissance: str) -> None:
    """A day of the calendar, neither ahead nor beyond any age."""
    if _NAISSANCE.fullmatch(naissance):
        try:
            lue = date.fromisoformat(naissance)
        except ValueError:
            pass
        else:
            if lue.year >= ANNEE_MIN and lue <= datetime.now(UTC).date():
                return
    raise AppelInterdit("naissance_interdite")


def garder_le_matricule(identite: IdentiteAVerifier, *, production: bool) -> None:
    garder(identite.traits)
    if not _MATRICULE.fullmatch(identite.matricule) or not identite.oid:
        raise AppelInterdit("matricule_interdit")
    connu = oids().get(identite.oid)
    if connu is None:
        raise AppelInterdit("oid_inconnu")
    if connu.d_essai and production:
        raise AppelInterdit("oid_de_test")
