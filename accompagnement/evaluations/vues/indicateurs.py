"""The GMP of a house, and the PMP that goes with it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement.evaluations import catalogue, services_pmp
from accompagnement.evaluations.formulaires_pmp import DateForm, PmpForm
from accompagnement.evaluations.gmp import tableau
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_bloc
from habilitations.lieux import maison_parmi


def _maisons(habilitation, bloc, action=Action.VOIR):
    domaines = catalogue.donnees("gmp")["domaines"]
    return habilitation.etablissements(bloc, action).filter(domaine__in=domaines)


@require_safe
@acces_bloc(Bloc.STA)
def gmp(request):
    h = request.habilitation
    maison = maison_parmi(request, _maisons(h, Bloc.STA))
    choix = DateForm(request.GET or None)
    le = choix.cleaned_data["le"] if choix.is_valid() else None
    contexte = {
        "titre": "GMP",
        "choix": choix,
        "maison": maison,
        "tableau": tableau(maison, le) if maison else None,
        "regles": catalogue.donnees("gmp"),
        "peut_saisir": maison in _maisons(h, Bloc.EVA, Action.VALIDER) if maison else False,
    }
    return render(request, "accompagnement/evaluations/gmp.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_bloc(Bloc.EVA, Action.VALIDER)
def pmp(request):
    h = request.habilitation
    maisons = _maisons(h, Bloc.EVA, Action.VALIDER)
    formulaire = PmpForm(
        request.POST or None,
        maisons=maisons,
        initial={"etablissement": maison_parmi(request, maisons)},
    )
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services_pmp.noter(h, **formulaire.cleaned_data)
            messages.success(request, "PMP validé noté.")
            return redirect("accompagnement:gmp")
    contexte = {"titre": "PMP validé", "formulaire": formulaire}
    statut = 422 if formulaire.is_bound else 200
    return render(request, "accompagnement/evaluations/pmp.html", contexte, status=statut)
