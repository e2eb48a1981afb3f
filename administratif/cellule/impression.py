"""The paper of the cellule: whose identity is to be validated, and what each must bring."""

from dataclasses import dataclass
from typing import Any

from administratif.cellule import lectures
from administratif.identification import pieces, regles
from dui.socle.identite import COG_INCONNU

MAXIMUM = 200


@dataclass(frozen=True)
class AApporter:
    sejour: Any
    demandes: tuple[str, ...]

    @property
    def usager(self):
        return self.sejour.dossier.usager

    @property
    def ou(self) -> str:
        return lectures.ou(self.sejour)


def a_apporter(habilitation, etablissement) -> list[AApporter]:
    """By unit then by room, as one walks through the house."""
    sejours = lectures.a_valider(habilitation, etablissement).order_by(
        "unite__ordre", "unite__nom", "place__ordre", "dossier__usager__recherche", "pk"
    )
    mineurs = [p for p in _acceptees(etablissement) if p.mineur]
    return [AApporter(s, tuple(_demandes(s.dossier.usager, mineurs))) for s in sejours[:MAXIMUM]]


def _demandes(usager, mineurs):
    """`mineurs`: what is accepted for them on top of the common list."""
    if mineurs and usager.age() < regles.MAJORITE:
        libelles = " ou ".join(p.libelle.lower() for p in mineurs)
        yield f"Une pièce de la liste, ou {libelles}"
    else:
        yield "Une pièce de la liste"
    if usager.naissance_incomplete:
        yield "Extrait d’acte de naissance : la date est incomplète"
    if usager.lieu_naissance_cog in ("", COG_INCONNU):
        yield "Le lieu de naissance, inconnu à ce jour"
    if not usager.ins_recuperee:
        yield "Carte Vitale, pour interroger INSi"


def _acceptees(etablissement) -> list[pieces.Piece]:
    return [
        p
        for p in pieces.toutes(etablissement.organisme_id)
        if p.proposee and p.valide and (not p.categories or etablissement.categorie in p.categories)
    ]


def pieces_acceptees(etablissement) -> list[str]:
    """Those that can validate an identity in this house, for anybody, with their condition."""
    return [
        f"{p.libelle} ({p.condition.rstrip('.')})" if p.condition else p.libelle
        for p in _acceptees(etablissement)
        if not p.mineur
    ]
