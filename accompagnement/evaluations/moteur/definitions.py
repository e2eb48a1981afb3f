"""A grid as the engine reads it, from the JSON that describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from accompagnement.evaluations.moteur.controle import controler


class DefinitionInvalide(ValueError):
    def __init__(self, fautes: list[str]):
        self.fautes = fautes
        super().__init__(" ; ".join(fautes))


@dataclass(frozen=True)
class Option:
    valeur: str
    libelle: str
    points: Decimal | None  # None: an answer that counts for nothing (not applicable)
    exige: Mapping[str, str]  # {item: the only answer compatible with this one}


@dataclass(frozen=True)
class Item:
    code: str
    libelle: str
    type: str  # choix, entier, decimal
    obligatoire: bool
    groupe: str = ""
    aide: str = ""
    options: tuple[Option, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None

    def option(self, valeur: str) -> Option | None:
        return next((o for o in self.options if o.valeur == valeur), None)


@dataclass(frozen=True)
class Bande:
    min: Decimal
    max: Decimal
    libelle: str
    niveau: str


@dataclass(frozen=True)
class Definition:
    """`brut` is the file itself: what one engine alone reads (AGGIR’s algorithm) stays there."""

    code: str
    nom: str
    version: str
    moteur: str
    brut: Mapping[str, Any]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(_item(i) for i in self.brut.get("items", ()))

    @cached_property
    def bandes(self) -> tuple[Bande, ...]:
        return tuple(
            Bande(decimal(b["min"]), decimal(b["max"]), b["libelle"], b.get("niveau", ""))
            for b in self.brut.get("bandes", ())
        )

    @property
    def score(self) -> Mapping[str, Any]:
        return self.brut["score"]

    @property
    def protegee(self) -> bool:
        """Its items belong to somebody: only the total is written down."""
        return self.moteur == "score_seul"

    def bande(self, score: Decimal) -> Bande | None:
        """The last that begins at or under the score: no value falls between two of them."""
        atteintes = [b for b in self.bandes if b.min <= score]
        return atteintes[-1] if atteintes else None


def lire(brut: Mapping[str, Any]) -> Definition:
    """Refuse at once, with every fault, what the engine could not run."""
    if fautes := controler(brut):
        raise DefinitionInvalide(fautes)
    return Definition(brut["code"], brut["nom"], brut["version"], brut["moteur"], brut)


def decimal(valeur: Any) -> Decimal:
    return Decimal(str(valeur))


def _ou_rien(valeur: Any) -> Decimal | None:
    return None if valeur is None else decimal(valeur)


def _item(i: Mapping[str, Any]) -> Item:
    options = tuple(
        Option(o["valeur"], o["libelle"], _ou_rien(o.get("points")), o.get("exige", {}))
        for o in i.get("options", ())
    )
    return Item(
        code=i["code"],
        libelle=i["libelle"],
        type=i["type"],
        obligatoire=i["obligatoire"],
        groupe=i.get("groupe", ""),
        aide=i.get("aide", ""),
        options=options,
        min=_ou_rien(i.get("min")),
        max=_ou_rien(i.get("max")),
    )
