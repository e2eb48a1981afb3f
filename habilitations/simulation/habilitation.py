"""The policy itself, asked about a colleague, or about a role that somebody would hold."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from dui.socle.models import Etablissement, Unite
from habilitations.equipe.regles import Perimetre
from habilitations.models import Affectation, Droit, ReglageDroit, Role
from habilitations.politique import Habilitation
from habilitations.reglages.regles import effectifs

PERSONNE = 0  # no account bears this number


class CompteObserve(int):
    """The number of an account. Queries filter by it; Django refuses it wherever an account is
    written or signed in: a simulation reads, whatever it is given to."""

    is_active = True

    @property
    def pk(self) -> int:
        return int(self)


@dataclass
class HabilitationSimulee(Habilitation):
    """Rights as they were given: what was taken in an emergency is nobody's role."""

    compte: CompteObserve

    def _bris(self):
        return super()._bris().none()

    def bris_de_glace(self, dossier):
        return None

    def par_fonction(self, bloc: str, action: str) -> bool:
        """By an affectation: a right given by name on one dossier is told on that dossier only."""
        return (bloc, action) in self._droits


@dataclass
class HabilitationDeRole(HabilitationSimulee):
    """One affectation, which no row holds."""

    supposee: Affectation | None = None

    @cached_property
    def affectations(self) -> list[Affectation]:
        return [self.supposee] if self.supposee else []


@dataclass
class HabilitationDeCollegue(HabilitationSimulee):
    """The affectations of an account, in the places supervised and nowhere else."""

    perimetres: list[Perimetre] = field(default_factory=list)

    @cached_property
    def affectations(self) -> list[Affectation]:
        toutes = super().affectations
        couvre = lambda a: any(p.couvre(a.etablissement_id, a.unite_id) for p in self.perimetres)  # noqa: E731
        return [a for a in toutes if couvre(a)]


def de_role(role: Role, etablissement: Etablissement, unite: Unite | None) -> HabilitationDeRole:
    """The rights in force in this organisme, over the unit or over the whole house."""
    portees = Affectation.Portee
    supposee = Affectation(
        role=role,
        etablissement=etablissement,
        unite=unite,
        portee=portees.UNITE if unite else portees.ETABLISSEMENT,
        debut=timezone.localdate(),
    )
    reglages = ReglageDroit.objects.filter(role=role, organisme=etablissement.organisme_id)
    supposee.droits = effectifs(
        Droit.objects.filter(role=role).order_by().values("bloc", "action"),
        reglages.order_by().values("bloc", "action", "accorde"),
    )
    supposee.nominatifs, supposee.interdictions, supposee.unites_du_lieu = [], [], []
    supposee.releve_depuis = None
    return HabilitationDeRole(CompteObserve(PERSONNE), supposee=supposee)


def de_collegue(compte, perimetres: list[Perimetre]) -> HabilitationDeCollegue:
    observe = CompteObserve(compte.pk)
    observe.is_active = compte.is_active
    return HabilitationDeCollegue(observe, perimetres=perimetres)
