"""The GMP of a house, and the PMP that goes with it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accompagnement.evaluations import catalogue, extraits, services_pmp
from accompagnement.evaluations.formulaires_pmp import DateForm, PmpForm
from accompagnement.evaluations.gmp import tableau
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner, consigner_chacun
from dui.socle.refus import refus_dans
from habilitations.acces import acces_bloc
from habilitations.exports import reponse_csv
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
    le = _le(choix)
    contexte = {
        "titre": "GMP",
        "choix": choix,
        "maison": maison,
        "tableau": tableau(maison, le) if maison else None,
        "date": f"?le={le or timezone.localdate():%d/%m/%Y}",
        "peut_exporter": maison in _exportables(h) if maison else False,
        "regles": catalogue.donnees("gmp"),
        "peut_saisir": maison in _maisons(h, Bloc.EVA, Action.VALIDER) if maison else False,
    }
    return render(request, "accompagnement/evaluations/gmp.html", contexte)


def _le(choix):
    return choix.cleaned_data["le"] if choix.is_valid() else None


def _exportables(habilitation):
    return _maisons(habilitation, Bloc.EXP, Action.EXPORTER)


@require_safe
@acces_bloc(Bloc.STA)
def gmp_csv(request):
    """The table as it is on screen: numbers, of nobody."""
    h = request.habilitation
    maison = maison_parmi(request, _maisons(h, Bloc.STA))
    if maison is None:
        raise Http404
    consigner(h, Action.EXPORTER, bloc=Bloc.STA, cible="GMP")
    lu = tableau(maison, _le(DateForm(request.GET)))
    return reponse_csv(extraits.lignes_gmp(lu), f"gmp-{lu.le:%Y-%m-%d}.csv")


@require_safe
@acces_bloc(Bloc.EXP, Action.EXPORTER)
def pathos_csv(request):
    """The profiles of everybody: care data that leaves, journaled for each person."""
    h = request.habilitation
    maison = maison_parmi(request, _exportables(h))
    if maison is None:
        raise Http404
    le = _le(DateForm(request.GET)) or timezone.localdate()
    trouvees = extraits.coupes(h, maison, le)
    exportes = [sejour.dossier for sejour, _ in trouvees]
    consigner_chacun(h, Action.EXPORTER, exportes, bloc=Bloc.EVA, cible="profils PATHOS")
    lignes = extraits.lignes_pathos(maison, trouvees)
    return reponse_csv(lignes, f"pathos-{le:%Y-%m-%d}.csv")


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
