"""The yearly review, one line after the other."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc
from habilitations.equipe import lectures
from habilitations.equipe import recertification as revues
from habilitations.exports import reponse_csv
from habilitations.lieux import lieu_de

acces = acces_bloc(Bloc.PAR, Action.ADMINISTRER)


@require_safe
@acces
def recertification(request):
    h, lieu = request.habilitation, lieu_de(request)
    recherche = request.GET.get("q", "")[:60]
    toutes = revues.a_revoir(h, lieu=lieu, recherche=recherche)
    page = Paginator(toutes, lectures.PAR_PAGE).get_page(request.GET.get("page"))
    suite = f"&{urlencode({'q': recherche})}" if recherche else ""
    contexte = {
        "titre": "Revue annuelle des droits",
        "lieu": lieu,
        "recherche": recherche,
        "lignes": [{"affectation": a, "raison": revues.sans_geste(a, h)} for a in page.object_list],
        "avancement": revues.avancement(revues.decidees(toutes, h)),
        "avant": f"?page={page.number - 1}{suite}" if page.has_previous() else "",
        "apres": f"?page={page.number + 1}{suite}" if page.has_next() else "",
    }
    return render(request, "habilitations/equipe/recertification.html", contexte)


@require_http_methods(["GET", "POST"])
@acces
def recertifier(request, affectation_id):
    """GET: to end is to close tonight; it is asked once more."""
    visibles = lectures.affectations(request.habilitation)
    affectation = get_object_or_404(visibles, pk=affectation_id)
    if request.method == "GET":
        contexte = {
            "titre": "Terminer une affectation",
            "affectation": affectation,
            "raison": revues.sans_geste(affectation, request.habilitation),
        }
        return render(request, "habilitations/equipe/recertifier.html", contexte)
    try:
        revue = revues.revoir(
            request.habilitation, affectation.pk, decision=request.POST.get("decision", "")
        )
    except PermissionDenied:
        request.acces_refuse = (Bloc.PAR, Action.ADMINISTRER, None)
        raise
    except ValidationError as refus:
        messages.error(request, " ".join(refus.messages))
    else:
        quoi = f"{affectation.compte}, {affectation.role.fonction_courte}"
        messages.success(request, f"{quoi} : {revue.get_decision_display().lower()}.")
    return redirect("equipe_recertification")


@require_safe
@acces
def recertification_csv(request):
    consigner(request.habilitation, "exporter", bloc=Bloc.PAR, cible="recertification")
    return reponse_csv(revues.lignes_csv(request.habilitation), "revue-des-droits.csv")
