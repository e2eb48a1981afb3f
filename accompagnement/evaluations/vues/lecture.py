"""Read, compare, print."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accompagnement.evaluations import catalogue, lectures, rappels, regards, services
from accompagnement.models import Evaluation
from dui.socle import pdf
from dui.socle.enums import Action, Bloc
from dui.socle.journal import consigner
from habilitations.acces import acces_bloc, acces_dossier
from habilitations.lieux import lieu_de
from habilitations.pages import (
    bandeau,
    imprimer_dossier,
    rendre_dossier,
    signature,
    signature_pour,
    tracer_impression,
)


@require_safe
@acces_dossier(Bloc.EVA)
def liste(request, dossier):
    h = request.habilitation
    saisit = h.peut_pour(dossier, Bloc.EVA, Action.SAISIR)
    familles = lectures.liste(h, dossier)
    contexte = {
        "titre": "Évaluations",
        "sous_titre": "Le dernier résultat de chaque grille, et ce qui est à refaire.",
        "suivies": lectures.suivies(familles),
        "familles": familles if saisit else [],
        "brouillons": lectures.brouillons(h, dossier) if saisit else [],
        "peut_saisir": saisit,
        "lecture": True,
    }
    return rendre_dossier(request, dossier, "accompagnement/evaluations/liste.html", contexte)


@require_safe
@acces_bloc(Bloc.EVA, Action.VALIDER)
def a_valider(request):
    contexte = {
        "titre": "Évaluations à valider",
        "lignes": lectures.a_valider(request.habilitation),
    }
    return render(request, "accompagnement/evaluations/a_valider.html", contexte)


def _a_refaire(request) -> dict:
    h, lieu = request.habilitation, lieu_de(request)
    lignes = rappels.a_refaire(h, lieu)
    retards = sum(x.en_retard for x in lignes)
    return {
        "titre": "Évaluations à refaire",
        "sous_titre": f"{lieu} : en retard, ou bientôt",
        "lignes": lignes,
        "retards": retards,
        "adresse": f"?{lieu.parametre}",
    }


@require_safe
@acces_bloc(Bloc.EVA, Action.SAISIR)
def a_refaire(request):
    return render(request, "accompagnement/evaluations/a_refaire.html", _a_refaire(request))


@require_safe
@acces_bloc(Bloc.EVA, Action.SAISIR)
def a_refaire_imprimable(request):
    consigner(request.habilitation, "imprimer", bloc=Bloc.EVA, cible="évaluations à refaire")
    contexte = _a_refaire(request)
    contexte |= {
        "imprime_par": signature(request.habilitation),
        "retour": reverse("accompagnement:evaluations_a_refaire") + contexte["adresse"],
    }
    gabarit = "accompagnement/evaluations/a_refaire_imprimable.html"
    return render(request, gabarit, contexte)


@require_safe
@acces_dossier(Bloc.EVA)
def voir(request, dossier, evaluation_id):
    h, evaluation = request.habilitation, _evaluation(request, dossier, evaluation_id)
    contexte = {
        "titre": "Évaluation",
        "feuille": lectures.feuille(evaluation),
        "versions": lectures.versions(h, evaluation),
        "peut_corriger": evaluation.validee
        and evaluation.courante
        and services.peut_corriger(h, dossier, evaluation),
    }
    return rendre_dossier(request, dossier, "accompagnement/evaluations/voir.html", contexte)


@require_safe
@acces_dossier(Bloc.EVA)
def suivi(request, dossier, grille):
    definition, lignes = lectures.suivi(request.habilitation, dossier, grille)
    if definition is None:
        raise Http404
    contexte = {
        "titre": f"{definition.nom} dans le temps",
        "regards": len(regards.comparables(lignes)),
        "definition": definition,
        "lignes": lignes,
        "dessin": lectures.courbe(definition, lignes),
    }
    return rendre_dossier(request, dossier, "accompagnement/evaluations/suivi.html", contexte)


@require_safe
@acces_dossier(Bloc.EVA)
def croiser(request, dossier, grille):
    """Who saw what, for the same grid at the same time."""
    choisies = request.GET.getlist("e")[: regards.REGARDS_MAX]
    croisement = regards.croiser(request.habilitation, dossier, grille, choisies)
    if croisement is None:
        definition, _ = lectures.suivi(request.habilitation, dossier, grille)
        if definition is None:
            raise Http404
    else:
        definition = croisement.definition
    contexte = {
        "titre": f"{definition.nom} : plusieurs regards",
        "definition": definition,
        "croisement": croisement,
    }
    return rendre_dossier(request, dossier, "accompagnement/evaluations/regards.html", contexte)


@require_safe
@acces_dossier(Bloc.EVA)
def imprimer(request, dossier, evaluation_id):
    evaluation = _evaluation(request, dossier, evaluation_id)
    contexte = {
        "titre": catalogue.definition(evaluation.grille, evaluation.version_grille).nom,
        "feuille": lectures.feuille(evaluation),
        "retour": reverse("accompagnement:evaluation_voir", args=[dossier.pk, evaluation.pk]),
    }
    gabarit = "accompagnement/evaluations/imprimable.html"
    return imprimer_dossier(request, dossier, gabarit, contexte, bloc=Bloc.EVA)


@require_safe
@acces_dossier(Bloc.EVA)
def en_pdf(request, dossier, evaluation_id):
    h, evaluation = request.habilitation, _evaluation(request, dossier, evaluation_id)
    tete = bandeau(h, dossier)
    tracer_impression(h, tete, bloc=Bloc.EVA, cible="évaluation")
    contexte = {
        "titre": catalogue.definition(evaluation.grille, evaluation.version_grille).nom,
        "dossier": dossier,
        "bandeau": tete,
        "etablissement": tete.etablissement,
        "imprime_par": signature_pour(h, dossier),
        "imprime_le": timezone.now(),
        "brouillon": not evaluation.validee,
        "feuille": lectures.feuille(evaluation),
    }
    contenu = pdf.rendre("pdf/evaluation.html", contexte)
    reponse = HttpResponse(contenu, content_type="application/pdf")
    # The file number, never a name nor a result: downloads stay on workstations.
    nom = f"evaluation-{dossier.numero}.pdf"
    reponse["Content-Disposition"] = content_disposition_header(False, nom)
    return reponse


def _evaluation(request, dossier, evaluation_id) -> Evaluation:
    lignes = Evaluation.objects.visibles(request.habilitation).filter(dossier=dossier)
    return get_object_or_404(lignes.select_related("auteur", "validee_par"), pk=evaluation_id)
