"""Who holds a right in a house, and under what name: for lists and letters, never for access."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet

from dui.socle.enums import Action
from dui.socle.models import Compte, Etablissement
from habilitations.models import Affectation, Droit, ReglageDroit


def roles_en_clair(comptes, *, champ: str = "libelle") -> dict[int, str]:
    """{account: label of its last role}: for those who read the journal of a dossier."""
    affectations = Affectation.objects.filter(compte__in=comptes).order_by("debut", "pk")
    return dict(affectations.values_list("compte", f"role__{champ}"))


def comptes_ayant(bloc: str, action: str, etablissement: Etablissement) -> QuerySet:
    """The active accounts that an affectation in force gives this right in this establishment."""
    suffisants = [action, Action.VOIR] if action == Action.RESUME else [action]
    donnent = reduce(or_, (roles_ayant(bloc, a, etablissement.organisme_id) for a in suffisants))
    affectations = Affectation.objects.en_cours().filter(donnent, etablissement=etablissement)
    return Compte.objects.filter(is_active=True, pk__in=affectations.values("compte"))


def roles_ayant(bloc: str, action: str, organisme: UUID) -> Q:
    reglages = ReglageDroit.objects.filter(organisme=organisme, bloc=bloc, action=action)
    donnent = Q(role__in=Droit.objects.filter(bloc=bloc, action=action).values("role"))
    donnent |= Q(role__in=reglages.filter(accorde=True).values("role"))
    return donnent & ~Q(role__in=reglages.filter(accorde=False).values("role"))
