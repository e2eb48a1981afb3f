from django.shortcuts import render
from django.views.decorators.http import require_safe

from administratif.annuaire import lectures
from dui.socle.annuaire import etat
from dui.socle.enums import Action, Bloc
from habilitations.acces import acces_bloc


@require_safe
@acces_bloc(Bloc.ENT)
def annuaire(request):
    contexte = lectures.chercher(request.GET) | {
        "copie": etat.constat(),
        "supervise": request.habilitation.peut(Bloc.PAR, Action.ADMINISTRER),
    }
    if request.headers.get("HX-Request"):
        return render(request, "administratif/annuaire/_resultats.html", contexte)
    return render(request, "administratif/annuaire/annuaire.html", contexte)


@require_safe
@acces_bloc(Bloc.ENT)
def choisir(request):
    """Lines to choose from, inside any form: radios named « choix »."""
    contexte = lectures.chercher(request.GET)
    return render(request, "administratif/annuaire/_choix.html", contexte)
