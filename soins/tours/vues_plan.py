"""The acts of one person: their plan, the week, and the correction of what was written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from dui.socle import registres
from dui.socle.champs import refuser
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
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
    acte = du_plan.filter(dossier=dossier, pk=acte_planifie_id).first()
    if acte is None:
        raise Http404
    objectifs = registres.objectifs(h, dossier)
    formulaire = PlanForm(request.POST or None, acte=acte, objectifs=objectifs)

    def garder():
        lue = formulaire.cleaned_data["version"] or 0
        return services.modifier_plan(h, acte.pk, dossier, version_lue=lue, **formulaire.plan)

    return _plan(request, dossier, formulaire, garder, "Modifier un acte du plan")


def _plan(request, dossier, formulaire, garder, titre):
    statut = 422 if formulaire.is_bound else 200
    if formulaire.is_bound and formulaire.is_valid():
        try:
            garder()
        except ConflitDeVersion as conflit:
            formulaire.add_error(None, conflit)
            statut = 409
        except ValidationError as erreur:
            refuser(formulaire, erreur)
        else:
            messages.success(request, f"Plan de {dossier.usager.nom_usuel} enregistré.")
            return redirect("soins:actes", dossier_id=dossier.pk)
    contexte = {
        "titre": titre,
        "libelle_enregistrer": f"Enregistrer pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
    }
    return rendre_dossier(request, dossier, "soins/tours/plan.html", contexte, status=statut)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.AVQ, Action.SAISIR)
def corriger(request, dossier, acte_realise_id):
    h = request.habilitation
    visibles = ActeRealise.objects.visibles(h, Action.SAISIR).filter(dossier=dossier)
    realise = visibles.filter(pk=acte_realise_id).select_related("auteur").first()
    if realise is None:
        raise Http404
    formulaire, statut = CorrectionForm(request.POST or None, realise=realise), 200
    if formulaire.is_bound:
        statut = 422
        if formulaire.is_valid():
            donnees = dict(formulaire.cleaned_data)
            donnees["version_lue"] = donnees.pop("version")
            try:
                services.corriger_acte(h, realise.pk, **donnees)
            except ConflitDeVersion as conflit:
                formulaire.add_error(None, conflit)
                statut = 409
            except ValidationError as erreur:
                refuser(formulaire, erreur)
            else:
                messages.success(request, "Acte corrigé, l’ancienne version reste lisible.")
                return redirect("soins:actes", dossier_id=dossier.pk)
    versions = lectures.versions(h, realise)
    contexte = {
        "titre": "Corriger un acte",
        "nomme": lectures.nommer(realise),
        "versions": versions,
        "libelle_enregistrer": f"Corriger pour {dossier.usager.nom_usuel}",
        "formulaire": formulaire,
    }
    return rendre_dossier(request, dossier, "soins/tours/corriger.html", contexte, status=statut)
