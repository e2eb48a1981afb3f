"""« Pourquoi je vois ce dossier », and to whom it is closed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.oppositions import lectures, services
from habilitations.oppositions.formulaires import LeveeForm, OppositionForm
from habilitations.pages import rendre_dossier


@require_safe
@acces_dossier(Bloc.ID, Action.RESUME)
def pourquoi(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Pourquoi je vois ce dossier",
        "interdictions": lectures.en_vigueur(h, dossier),
        "peut_simuler": h.peut_pour(dossier, Bloc.PAR, Action.ADMINISTRER),
        "peut_interdire": h.peut_pour(dossier, Bloc.JUR, Action.SAISIR),
        **lectures.pourquoi(h, dossier),
    }
    return rendre_dossier(request, dossier, "habilitations/oppositions/pourquoi.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.JUR, Action.SAISIR)
def opposer(request, dossier):
    formulaire = OppositionForm(
        request.POST or None, professionnels=lectures.professionnels(request.habilitation, dossier)
    )
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.interdire(request.habilitation, dossier, **formulaire.cleaned_data)
            compte = formulaire.cleaned_data["compte"]
            messages.success(request, f"C’est fermé à {compte}.")
            return redirect("oppositions:pourquoi", dossier_id=dossier.pk)
    contexte = {
        "titre": "Fermer le dossier à un professionnel",
        "formulaire": formulaire,
    }
    statut = 422 if formulaire.is_bound else 200
    gabarit = "habilitations/oppositions/opposer.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.JUR, Action.SAISIR)
def lever(request, dossier, interdiction_id):
    interdiction = get_object_or_404(
        lectures.a_lever(request.habilitation, dossier), pk=interdiction_id
    )
    formulaire = LeveeForm(request.POST or None)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            services.lever(request.habilitation, interdiction, **formulaire.cleaned_data)
            messages.success(request, f"Le dossier est rouvert à {interdiction.compte}.")
            return redirect("oppositions:pourquoi", dossier_id=dossier.pk)
    contexte = {
        "titre": "Lever une opposition",
        "formulaire": formulaire,
        "interdiction": interdiction,
    }
    statut = 422 if formulaire.is_bound else 200
    gabarit = "habilitations/oppositions/lever.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut)
