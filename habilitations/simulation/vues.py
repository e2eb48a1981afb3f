"""« Voir comme » : what a role, or a colleague, would see. Reads only; the address says of whom."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from dui.socle.pagination import lire_numero
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.equipe import lectures as equipe
from habilitations.lieux import lieu_de
from habilitations.pages import rendre_dossier
from habilitations.simulation import lectures
from habilitations.simulation.formulaires import ChoixForm

TITRE = "Voir comme"


@never_cache
@require_safe
@acces_bloc(Bloc.PAR, Action.ADMINISTRER)
def voir_comme(request):
    simulation = _demandee(request)
    contexte = {"titre": TITRE, "simulation": simulation, "choix": _choix(request)}
    if simulation:
        _tracer(simulation)
        contexte["page"] = lectures.page(simulation, request)
    return render(request, "habilitations/simulation/voir_comme.html", contexte)


@never_cache
@require_safe
@acces_dossier(Bloc.PAR, Action.ADMINISTRER)
def voir_comme_dossier(request, dossier):
    """To supervise a place is not to read who lives there: the dossier must be seen as well."""
    if not request.habilitation.peut_pour(dossier, Bloc.ID, Action.RESUME):
        raise Http404
    simulation = _demandee(request)
    contexte = {"titre": TITRE, "simulation": simulation, "choix": _choix(request)}
    contexte |= {"onglets": [], "voisins": {}, "peut_transmettre": False}
    if simulation:
        _tracer(simulation, dossier)
        contexte |= lectures.du_dossier(simulation, dossier)
    return rendre_dossier(request, dossier, "habilitations/simulation/dossier.html", contexte)


def _demandee(request) -> lectures.Simulation | None:
    """None when nothing is asked yet; what is not of my places does not exist."""
    h = request.habilitation
    if "compte" in request.GET:
        numero = lire_numero(request.GET["compte"])
        return lectures.d_un_collegue(h, get_object_or_404(equipe.comptes(h), pk=numero))
    if "lieu" not in request.GET:
        return None
    formulaire = ChoixForm(request.GET, habilitation=h, ici=lieu_de(request))
    if not formulaire.is_valid():
        raise Http404
    return lectures.d_un_role(h, **formulaire.cleaned_data)


def _choix(request) -> ChoixForm:
    initial = {nom: request.GET[nom] for nom in ("role", "lieu") if nom in request.GET}
    return ChoixForm(initial=initial, habilitation=request.habilitation, ici=lieu_de(request))


def _tracer(simulation, dossier=None) -> None:
    consigner(
        simulation.moi,
        "simulation",
        dossier=dossier,
        bloc=Bloc.PAR,
        cible=f"simulation {simulation.adresse}",
        contexte={"simulation": simulation.parametres},
    )
