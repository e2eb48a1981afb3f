from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


class ReponsesRefusees(ValueError):
    """Answers that cannot be: {code of the answer: what is wrong}."""

    def __init__(self, fautes: Mapping[str, str]):
        self.fautes = dict(fautes)
        super().__init__(" ; ".join(f"{code} : {faute}" for code, faute in self.fautes.items()))


@dataclass(frozen=True)
class SousScore:
    code: str
    libelle: str
    score: Decimal | None
    max: Decimal


@dataclass(frozen=True)
class Resultat:
    """`score` is None as long as something is missing, and for grids that conclude without one."""

    complet: bool
    score: Decimal | None = None
    niveau: str = ""
    conclusion: str = ""
    manquants: tuple[str, ...] = ()
    sous_scores: tuple[SousScore, ...] = ()
    alertes: tuple[str, ...] = ()
    mention: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)

    def en_donnees(self) -> dict[str, Any]:
        """For JSON: numbers as text, so that 0,5 stays 0,5."""
        return {
            "complet": self.complet,
            "score": texte(self.score),
            "niveau": self.niveau,
            "conclusion": self.conclusion,
            "manquants": list(self.manquants),
            "sous_scores": [
                {"code": s.code, "libelle": s.libelle, "score": texte(s.score), "max": texte(s.max)}
                for s in self.sous_scores
            ],
            "alertes": list(self.alertes),
            "mention": self.mention,
            "detail": dict(self.detail),
        }


def texte(nombre: Decimal | None) -> str:
    """12, 0.5: without useless zeros nor exponent; empty when there is none."""
    if nombre is None:
        return ""
    ecrit = f"{nombre:f}"
    return ecrit.rstrip("0").rstrip(".") if "." in ecrit else ecrit
