"""Rows reserved to a profession: a right of the record does not open them, only a job held in the
house does. Which professions: data (donnees/reserves.json).

A model that may be reserved has a field `reserve`: the code of a group, empty for everybody.
"""

import json
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from pathlib import Path

from django.db.models import Q

from dui.socle.enums import Action
from habilitations.politique import Habilitation

FICHIER = Path(__file__).parent / "donnees/reserves.json"
A_TOUS = ""
TOUTE_L_EQUIPE = "equipe"  # what a form sends for it: nothing sent is no answer


@dataclass(frozen=True)
class Groupe:
    """A profession: the roles that hold it in a house."""

    code: str
    libelle: str
    roles: frozenset[str]


@lru_cache(maxsize=1)
def groupes() -> dict[str, Groupe]:
    lignes = json.loads(FICHIER.read_text(encoding="utf-8"))["groupes"]
    return {x["code"]: Groupe(x["code"], x["libelle"], frozenset(x["roles"])) for x in lignes}


class ParProfession(Habilitation):
    """What the affectations of one profession open by themselves: neither a broken glass nor a
    right given by name makes a psychologist."""

    def __init__(self, habilitation: Habilitation, groupe: Groupe) -> None:
        super().__init__(habilitation.compte)
        self.origine = habilitation
        self.affectations = [a for a in habilitation.affectations if a.role_id in groupe.roles]
        self._droits_nominatifs = set()

    def _bris(self):
        return super()._bris().none()

    def sejours_ouverts(self, dossier):
        return self.origine.sejours_ouverts(dossier)


def _professions(habilitation) -> dict[str, ParProfession]:
    toutes = {g.code: ParProfession(habilitation, g) for g in groupes().values()}
    return {code: p for code, p in toutes.items() if p.affectations}


def professions(habilitation) -> dict[str, ParProfession]:
    """{group: what it opens} for the professions this account holds somewhere today."""
    return habilitation.une_fois(("professions",), lambda: _professions(habilitation))


def condition(habilitation, bloc: str, action: str = Action.VOIR) -> Q:
    """A Q on the rows of a dossier: those of everybody, and those of the professions that this
    account holds where the person stays."""
    siennes = (
        Q(reserve=code, dossier__in=profession.dossiers_ouverts(bloc, action))
        for code, profession in professions(habilitation).items()
        if profession.peut(bloc, action)
    )
    return reduce(or_, siennes, Q(reserve=A_TOUS))


def permises(habilitation, dossier, bloc: str) -> list[Groupe]:
    """The groups to which this account may reserve what it writes about this person."""
    return [
        groupes()[code]
        for code, profession in professions(habilitation).items()
        if profession.peut_pour(dossier, bloc, Action.SAISIR)
    ]


def choix(habilitation, dossier, bloc: str) -> list[tuple[str, str]]:
    """For a form, « Toute l’équipe » first; alone when the account may reserve nothing."""
    siens = ((g.code, f"{g.libelle} seulement") for g in permises(habilitation, dossier, bloc))
    return [(TOUTE_L_EQUIPE, "Toute l’équipe"), *siens]


def libelle(code: str) -> str:
    """In a sentence: « psychologues »; the code itself when the list no longer knows it."""
    groupe = groupes().get(code)
    return groupe.libelle.lower() if groupe else code
