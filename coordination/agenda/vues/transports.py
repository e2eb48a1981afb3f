"""Who goes where, with whom, how: the journeys of a week, and what they add up to."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from coordination.agenda import periode, trajets
from dui.socle.enums import Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc
from habilitations.lieux import lieu_de
from habilitations.pages import signature


def _transports(request) -> dict:
    lieu, p = lieu_de(request), periode.demandee(request)
    return {
        "titre": "Transports",
        "sous_titre": f"{lieu}, {p.titre[0].lower()}{p.titre[1:]}",
        "transports": trajets.du_lieu(request.habilitation, lieu, p),
        "nav": periode.navigation(p),
        "parametres": urlencode({"vue": p.vue, "jour": p.jour.isoformat()}),
    }


@require_safe
@acces_bloc(Bloc.AGE)
def liste(request):
    return render(request, "coordination/agenda/transports.html", _transports(request))


@require_safe
@acces_bloc(Bloc.AGE)
def imprimable(request):
    h, contexte = request.habilitation, _transports(request)
    consigner(h, "imprimer", bloc=Bloc.AGE, cible="transports")
    contexte |= {
        "imprime_par": signature(h),
        "retour": f"{reverse('coordination:agenda_transports')}?{contexte['parametres']}",
    }
    return render(request, "coordination/agenda/transports_imprimables.html", contexte)
