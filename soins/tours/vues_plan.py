"""The acts of one person: their plan, the week, and the correction of what was written."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle import registres
from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans, statut
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier
from soins.models import ActePlanifie, ActeRealise
from soins.tours import lectures, services
from soins.tours.formulaires import CorrectionForm, PlanForm


@require_safe
@acces_dossier(Bloc.AVQ)
def actes(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Actes du quotidien",
        "plan": lectures.plan(h, dossier),
        "peut_planifier": h.peut_pour(dossier, Bloc.PLS, Action.SAISIR),
        "peut_corriger": h.peut_pour(dossier, Bloc.AVQ, Action.SAISIR),
        **lectures.semaine(h, dossier),
    }
    return rendre_dossier(request, dossier, "soins/tours/actes.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PLS, Action.SAISIR)
def planifier(request, dossier):
    objectifs = registres.objectifs(request.habilitation, dossier)
    formulaire = PlanForm(request.POST or None, objectifs=objectifs)

    def garder():
        return services.planifier(request.habilitation, dossier, **formulaire.plan)

    return _plan(request, dossier, formulaire, garder, "Ajouter un acte au plan")


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.PLS, Action.SAISIR)
def modifier(request, dossier, acte_planifie_id):
    h = request.habilitation
    du_plan = ActePlanifie.objects.visibles_selon(h, Bloc.PLS, Action.SAISIR)
    acte = get_object_or_404(du_plan, dossier=dossier, pk=acte_planifie_id)
    objectifs = registres.objectifs(h, dossier)
    formulaire = PlanForm(request.POST or None, acte=acte, objectifs=objectifs)

    def garder():
        lue = formulaire.cleaned_data["version"] or 0
        return services.modifier_plan(h, acte.pk, dossier, version_lue=lue, **formulaire.plan)

    return _plan(request, dossier, formulaire, garder, "Modifier un acte du plan")


def _plan(request, dossier, formulaire, garder, titre):
    if formulaire.is_valid():
        with refus_dans(formulaire):
            garder()
            messages.success(request, f"Plan de {dossier.usager.nom_usuel} enregistré.")
            return redirect("soins:actes", dossier_id=dossier.pk)
    contexte = {
        "titre": titre,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
    }
    gabarit = "soins/tours/plan.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AVQ, Action.SAISIR)
def corriger(request, dossier, acte_realise_id):
    h = request.habilitation
    visibles = ActeRealise.objects.visibles(h, Action.SAISIR).filter(dossier=dossier)
    realise = get_object_or_404(visibles.select_related("auteur"), pk=acte_realise_id)
    formulaire = CorrectionForm(request.POST or None, realise=realise)
    if formulaire.is_valid():
        donnees = dict(formulaire.cleaned_data)
        donnees["version_lue"] = donnees.pop("version")
        with refus_dans(formulaire):
            services.corriger_acte(h, realise.pk, **donnees)
            messages.success(request, "Acte corrigé, l’ancienne version reste lisible.")
            return redirect("soins:actes", dossier_id=dossier.pk)
    contexte = {
        "titre": "Corriger un acte",
        "nomme": lectures.nommer(realise),
        "versions": lectures.versions(h, realise),
        "libelle_enregistrer": f"Corriger pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
    }
    gabarit = "soins/tours/corriger.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))
