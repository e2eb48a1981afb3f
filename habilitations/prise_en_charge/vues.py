"""The team of care of a person: who reads it, who changes it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier
from habilitations.prise_en_charge import lectures, services
from habilitations.prise_en_charge.formulaires import AjoutForm, FinForm, RemplacementForm


@require_safe
@acces_dossier(Bloc.ID)
def equipe(request, dossier):
    contexte = lectures.equipe(request.habilitation, dossier)
    contexte |= {
        "titre": "Équipe",
        "peut_changer": request.habilitation.peut_pour(dossier, Bloc.PAR, Action.ADMINISTRER),
    }
    gabarit = "habilitations/prise_en_charge/equipe.html"
    return rendre_dossier(request, dossier, gabarit, contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PAR, Action.ADMINISTRER)
def ajouter(request, dossier):
    _voir(request, dossier)
    candidats = lectures.candidats(request.habilitation, dossier)
    formulaire = AjoutForm(request.POST or None, candidats=candidats)

    def faire(donnees):
        return services.ajouter(request.habilitation, dossier, **donnees)

    return _geste(request, dossier, formulaire, faire, "Ajouter à l’équipe")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PAR, Action.ADMINISTRER)
def terminer(request, dossier, membre_equipe_id):
    membre = _membre(request, dossier, membre_equipe_id)

    def faire(donnees):
        return services.terminer(request.habilitation, dossier, membre.pk, **donnees)

    formulaire = FinForm(request.POST or None)
    return _geste(request, dossier, formulaire, faire, f"Fin dans l’équipe : {membre.compte}")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PAR, Action.ADMINISTRER)
def remplacer(request, dossier, membre_equipe_id):
    membre = _membre(request, dossier, membre_equipe_id)
    candidats = lectures.candidats(request.habilitation, dossier)
    formulaire = RemplacementForm(request.POST or None, candidats=candidats)

    def faire(donnees):
        return services.remplacer(request.habilitation, dossier, membre.pk, **donnees)

    return _geste(request, dossier, formulaire, faire, f"Remplacer {membre.compte}")


def _voir(request, dossier) -> None:
    """To supervise a place is not to read who lives there."""
    if not request.habilitation.peut_pour(dossier, Bloc.ID):
        raise Http404


def _membre(request, dossier, membre_id):
    _voir(request, dossier)
    return get_object_or_404(lectures.modifiables(dossier), pk=membre_id)


def _geste(request, dossier, formulaire, faire, titre):
    if formulaire.is_valid():
        with refus_dans(formulaire):
            membre = faire(formulaire.cleaned_data)
            messages.success(request, f"{membre.compte} : équipe enregistrée.")
            return redirect("equipe_dossier", dossier_id=dossier.pk)
    contexte = {
        "titre": titre,
        "formulaire": formulaire,
        "retour": reverse("equipe_dossier", args=[dossier.pk]),
    }
    statut = 422 if formulaire.is_bound else 200
    gabarit = "habilitations/prise_en_charge/geste.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)
