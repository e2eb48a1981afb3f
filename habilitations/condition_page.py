"""Which pages about no record still open: the matrix, on rows that say what their page asks for."""

from collections import defaultdict

from django.db.models import Q

from habilitations.models import Affectation

AUCUN = Q(pk__in=[])
UNITE = Affectation.Portee.UNITE


def condition_page(droits: dict, affectations: list) -> Q:
    """A Q on rows with `droit` (« saisir_AGE », or empty: whoever works there), `etablissement`
    and `unite`. Most rights of a role have the same scope: one condition serves them all."""
    maisons = {a.etablissement_id for a in affectations}
    if not maisons:
        return AUCUN
    # A house that is not known: the row is older than this rule.
    condition = Q(droit="") & (Q(etablissement__in=maisons) | Q(etablissement=None))
    codes = defaultdict(list)
    for (bloc, action), portees in droits.items():
        codes[tuple((p, frozenset(portees[p])) for p in sorted(portees))].append(f"{action}_{bloc}")
    for portees, siens in codes.items():
        condition |= Q(droit__in=siens) & _lieux(dict(portees), affectations)
    return condition


def _lieux(portees: dict, affectations: list) -> Q:
    """A whole house; or one's units, and what belongs to their house without naming a unit."""
    unites = portees.pop(UNITE, frozenset())
    entieres = frozenset().union(*portees.values())
    leurs = {a.etablissement_id for a in affectations if a.unite_id in unites}
    sans_unite = Q(unite=None, etablissement__in=leurs)
    return Q(etablissement__in=entieres) | Q(unite__in=unites) | sans_unite
