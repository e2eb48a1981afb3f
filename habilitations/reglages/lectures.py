"""The matrix in force in an organisme: the shipped one, and what differs."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import PermissionDenied

from dui.socle.enums import Action, Bloc
from dui.socle.models import Organisme
from habilitations.models import Droit, ReglageDroit, Role

NOTES = Path(__file__).parents[1] / "donnees/notes.json"
# One letter per action, in the order of the actions.
LETTRES = dict(zip(Action.values, "eCSVPXA", strict=True))
PAR_TABLEAU = 9  # roles side by side: what a printed sheet holds


@lru_cache(maxsize=1)
def notes() -> dict[int, str]:
    lues = json.loads(NOTES.read_text(encoding="utf-8"))["notes"]
    return {int(numero): texte for numero, texte in lues.items()}


@dataclass
class Case:
    """A cell: actions in force, notes, and what the organisme changed."""

    actions: set[str] = field(default_factory=set)
    notes: set[int] = field(default_factory=set)
    reglages: list[ReglageDroit] = field(default_factory=list)

    @property
    def lettres(self) -> str:
        return "".join(lettre for action, lettre in LETTRES.items() if action in self.actions)

    @property
    def libelles(self) -> list[str]:
        return [a.label for a in Action if a.value in self.actions]

    @property
    def renvois(self) -> list[int]:
        return sorted(self.notes)


def organisme(habilitation, action=Action.VOIR) -> Organisme:
    """The one whose matrix this account reads or adjusts (one per database)."""
    maisons = habilitation.etablissements(Bloc.PAR, action).select_related("organisme")
    maison = maisons.order_by("nom", "pk").first()
    if maison is None:
        raise PermissionDenied("Vous n’administrez aucun établissement.")
    return maison.organisme


def matrice(organisme: Organisme, *, role: Role | None = None) -> dict[tuple[str, str], Case]:
    """{(role, block): cell}, in two queries."""
    seul = {"role": role} if role else {}
    cases: dict[tuple[str, str], Case] = defaultdict(Case)
    for d in Droit.objects.filter(**seul).order_by("pk"):
        case = cases[d.role_id, d.bloc]
        case.actions.add(d.action)
        if d.note:
            case.notes.add(d.note)
    for r in reglages(organisme, role=role):
        case = cases[r.role_id, r.bloc]
        case.reglages.append(r)
        (case.actions.add if r.accorde else case.actions.discard)(r.action)
    return cases


def reglages(organisme: Organisme, *, role: Role | None = None):
    lignes = ReglageDroit.objects.filter(organisme=organisme, **({"role": role} if role else {}))
    return lignes.select_related("role").order_by("role__ordre", "bloc", "action")


def tableaux(organisme: Organisme) -> list[dict]:
    """Groups of roles, each with its 35 lines: (block, cells)."""
    cases, roles = matrice(organisme), list(Role.objects.all())
    return [
        {
            "roles": groupe,
            "lignes": [(bloc, [cases[r.pk, bloc.value] for r in groupe]) for bloc in Bloc],
        }
        for groupe in (roles[i : i + PAR_TABLEAU] for i in range(0, len(roles), PAR_TABLEAU))
    ]


def lignes_csv(organisme: Organisme):
    """One line per right in force, and per right withdrawn."""
    cases = matrice(organisme)
    yield ["Rôle", "Libellé", "Bloc", "Intitulé", "Action", "État", "Note", "Motif"]
    for role in Role.objects.all():
        for bloc in Bloc:
            case = cases[role.pk, bloc.value]
            regles = {r.action: r for r in case.reglages}
            for action in Action:
                reglage = regles.get(action.value)
                if action.value not in case.actions and reglage is None:
                    continue
                etat = _etat(reglage)
                renvois = " ".join(map(str, case.renvois))
                motif = reglage.motif if reglage else ""
                fixes = [role.pk, role.libelle, bloc.value, bloc.label, action.label]
                yield [*fixes, etat, renvois, motif]


def _etat(reglage) -> str:
    if reglage is None:
        return "d’origine"
    return "accordé par l’organisme" if reglage.accorde else "retiré par l’organisme"
