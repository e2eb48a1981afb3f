"""How long a session may stay without a gesture: said by the house, the role and the place."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from dui.socle.journal import consigner_connexion
from habilitations.models import DelaiVerrouillage
from habilitations.moyens.postes import poste_de
from habilitations.politique import Habilitation

CLE = "delai"


def delai(request) -> int:
    """Seconds, as the session keeps them: no page pays a query for it."""
    return request.session.get(CLE, settings.DELAI_VERROUILLAGE)


def relire(request) -> None:
    """At sign-in, at unlocking, and each minute of activity: a change is soon felt."""
    request.session[CLE] = calculer(request.user, poste_de(request))


def calculer(compte, poste) -> int:
    """The shortest of what the establishment, the workstation and the role say wins."""
    affectations = Habilitation(compte).affectations
    siens = Q(pk__in=[])
    for a in affectations:
        siens |= Q(etablissement=a.etablissement_id) & (Q(role=None) | Q(role=a.role_id))
    minutes = list(DelaiVerrouillage.objects.filter(siens).values_list("minutes", flat=True))
    if poste and poste.delai_minutes:
        minutes.append(poste.delai_minutes)
    return min(minutes) * 60 if minutes else settings.DELAI_VERROUILLAGE


@transaction.atomic
def fixer(habilitation, *, etablissement, role, minutes) -> None:
    """Without minutes, the exception is removed."""
    delais = DelaiVerrouillage.objects.filter(etablissement=etablissement, role=role)
    if minutes is None:
        delais.delete()
    else:
        DelaiVerrouillage.objects.update_or_create(
            etablissement=etablissement, role=role, defaults={"minutes": minutes}
        )
    contexte = {"etablissement": str(etablissement.pk), "minutes": minutes}
    contexte["role"] = role.pk if role else ""
    consigner_connexion(habilitation.compte, "delai_fixe", contexte=contexte)
