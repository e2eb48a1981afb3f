"""The documents that prove an identity: the shipped list, as the organisme has set it."""

from dataclasses import dataclass
from typing import Any

from administratif.identification import regles
from dui.socle import codes
from dui.socle.enums import Confiance
from dui.socle.models import ReglagePiece

LISTE = "piece_identite"


@dataclass(frozen=True)
class Piece:
    code: str
    libelle: str
    confiance: Confiance
    livree: Confiance  # before the organisme's own setting
    proposee: bool
    aide: str
    condition: str
    categories: tuple[str, ...]
    mineur: bool

    @property
    def valide(self) -> bool:
        """It can make an identity « validée » (once its condition is met)."""
        return regles.suffisante(self.confiance)


def toutes(organisme_id) -> list[Piece]:
    reglages = ReglagePiece.objects.filter(organisme=organisme_id).order_by("code")
    par_code = {r.code: r for r in reglages}
    return [_piece(c, par_code.get(c.code)) for c in codes.codes(LISTE).values() if c.actif]


def _piece(code, reglage) -> Piece:
    p: dict[str, Any] = code.proprietes
    livree = Confiance(p["confiance"])
    return Piece(
        code=code.code,
        libelle=code.libelle,
        confiance=regles.retenue(livree, Confiance(reglage.confiance)) if reglage else livree,
        livree=livree,
        proposee=reglage.proposee if reglage else livree != Confiance.A_CONFIRMER,
        aide=p.get("aide", ""),
        condition=p.get("condition", ""),
        categories=tuple(p.get("categories", ())),
        mineur=p.get("mineur", False),
    )


def pour(habilitation, dossier, usager) -> list[Piece]:
    """Those that this account may choose: what the house where it meets the person accepts."""
    sejours = habilitation.sejours_ouverts(dossier)
    maison = sejours[0].etablissement if sejours else None
    return proposees(dossier, maison, usager.age())


def proposees(dossier, etablissement, age: int) -> list[Piece]:
    """Those that may be chosen for this person, here: none is chosen beforehand."""
    categorie = etablissement.categorie if etablissement else ""
    return [
        piece
        for piece in toutes(dossier.organisme_id)
        if piece.proposee
        and (not piece.categories or categorie in piece.categories)
        and (not piece.mineur or age < regles.MAJORITE)
    ]
