"""Begin, complete, correct, give up: one form, one page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnement.evaluations import catalogue, lectures, pieces, propositions, services
from accompagnement.evaluations.formulaires import CorrectionForm, EvaluationForm
from accompagnement.models import Evaluation
from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Brouillon
from dui.socle.refus import refus_dans, statut
from habilitations import redaction
from habilitations.acces import acces_dossier
from habilitations.pages import rendre_dossier

VALIDER = "valider"
DEJA_VALIDEE = (
    "Un collègue a validé cette évaluation avant vous : ce que vous avez envoyé n’y est pas entré."
)


@require_safe
@acces_dossier(Bloc.EVA, Action.SAISIR)
def choisir(request, dossier):
    h = request.habilitation
    contexte = {
        "titre": "Évaluer",
        "sous_titre": "Choisissez une grille ; vos brouillons vous attendent ici.",
        "suivies": [],
        "familles": lectures.a_commencer(h, dossier),
        "brouillons": lectures.brouillons(h, dossier),
        "peut_saisir": True,
        "lecture": False,
    }
    return rendre_dossier(request, dossier, "accompagnement/evaluations/liste.html", contexte)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.EVA, Action.SAISIR)
def nouvelle(request, dossier, grille):
    h = request.habilitation
    definition = _a_commencer(h, dossier, grille, _version(request))
    proposees = propositions.proposer(h, dossier, definition)
    formulaire = EvaluationForm(*_poste(request), definition=definition, propositions=proposees)

    def garder(saisie, *, valider):
        donnees = formulaire.cleaned_data
        return services.commencer(
            h,
            dossier,
            grille=grille,
            version_grille=donnees["version_grille"] or definition.version,
            cle_saisie=donnees["cle_saisie"],
            valider=valider,
            **saisie,
        )

    return _page(request, dossier, formulaire, garder)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.EVA, Action.SAISIR)
def remplir(request, dossier, evaluation_id):
    h = request.habilitation
    siens = Evaluation.objects.visibles(h, Action.SAISIR).a_remplir(h, dossier)
    evaluation = siens.filter(pk=evaluation_id).first()
    if evaluation is None:
        return _deja_validee(request, dossier, evaluation_id)
    definition = _definition(evaluation.grille, evaluation.version_grille)
    formulaire = EvaluationForm(
        *_poste(request),
        definition=definition,
        evaluation=evaluation,
        propositions=propositions.proposer(h, dossier, definition),
    )

    def garder(saisie, *, valider):
        lue = formulaire.cleaned_data["revision"] or 0
        return services.completer(
            h, evaluation.pk, dossier, revision_lue=lue, valider=valider, **saisie
        )

    return _page(request, dossier, formulaire, garder, evaluation=evaluation)


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.EVA, Action.SAISIR)
def corriger(request, dossier, evaluation_id):
    h = request.habilitation
    lignes = Evaluation.objects.visibles(h, Action.SAISIR).filter(dossier=dossier)
    evaluation = lignes.filter(pk=evaluation_id, etat=Evaluation.Etat.VALIDEE).first()
    if evaluation is None or not services.peut_corriger(h, dossier, evaluation):
        raise Http404
    definition = _definition(evaluation.grille, evaluation.version_grille)
    formulaire = CorrectionForm(*_poste(request), definition=definition, evaluation=evaluation)

    def garder(saisie, *, valider):
        donnees = formulaire.cleaned_data
        return services.corriger(
            h,
            evaluation.pk,
            dossier,
            version_lue=donnees["version"],
            motif=donnees["motif"],
            cle_saisie=donnees["cle_saisie"],
            **saisie,
        )

    return _page(request, dossier, formulaire, garder, evaluation=evaluation)


@require_POST
@acces_dossier(Bloc.EVA, Action.SAISIR)
def abandonner(request, dossier, evaluation_id):
    try:
        services.abandonner(request.habilitation, evaluation_id, dossier)
    except Evaluation.DoesNotExist:
        raise Http404 from None
    messages.success(request, "Brouillon abandonné : rien n’en a été gardé.")
    return redirect(_apres(request, dossier), dossier_id=dossier.pk)


# ---------------------------------------------------------------- inside


def _poste(request) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _version(request) -> str:
    """That of the page sent, or of the draft that comes back."""
    brouillon = lire_uuid(request.GET.get("brouillon"))
    if request.method == "POST" or not brouillon:
        return request.POST.get("version_grille", "")[:20]
    saisies = Brouillon.objects.visibles(request.habilitation).filter(pk=brouillon)
    lues = saisies.values_list("saisies", flat=True).first() or {}
    return (lues.get("version_grille") or [""])[-1]


def _a_commencer(habilitation, dossier, code, version):
    """The version that the page showed, were it replaced since: no answer is lost."""
    try:
        return catalogue.commencable(lectures.maisons(habilitation, dossier), code, version)
    except catalogue.GrilleInconnue:
        raise Http404 from None


def _definition(code, version=""):
    try:
        return catalogue.definition(code, version)
    except catalogue.GrilleInconnue:
        raise Http404 from None


def _deja_validee(request, dossier, evaluation_id):
    """A draft that a colleague validated meanwhile is read, not filled in."""
    visibles = Evaluation.objects.visibles(request.habilitation).filter(dossier=dossier)
    if not visibles.filter(pk=evaluation_id).exists():
        raise Http404
    if request.method == "POST":
        redaction.trop_tard(request, dossier, DEJA_VALIDEE)
    return redirect(
        "accompagnement:evaluation_voir", dossier_id=dossier.pk, evaluation_id=evaluation_id
    )


def _page(request, dossier, formulaire, garder, *, evaluation=None):
    definition = formulaire.definition
    deja = pieces.de(evaluation) if evaluation else []
    trop_gros = getattr(request, "fichier_trop_gros", False)
    formulaire.joindre(request.habilitation, deja, trop_gros=trop_gros)
    valider = request.POST.get("geste") == VALIDER
    if formulaire.is_valid():
        with refus_dans(formulaire):
            gardee = garder(formulaire.saisie, valider=valider)
            return _repondre(request, dossier, definition, gardee)
    if formulaire.is_bound:
        formulaire.redemander_le_fichier()
    contexte = {
        "titre": definition.nom,
        "definition": definition,
        "formulaire": formulaire,
        "parties": list(formulaire.dessinees()),
        "evaluation": evaluation,
        "feuille": lectures.feuille(evaluation) if evaluation else None,
        "pieces": deja,
        "lit": request.habilitation.peut_pour(dossier, Bloc.EVA, Action.VOIR),
        "correction": isinstance(formulaire, CorrectionForm),
        "peut_valider": services.peut_valider(request.habilitation, dossier, definition.code),
        "retour": _apres(request, dossier),
    }
    gabarit = "accompagnement/evaluations/remplir.html"
    return rendre_dossier(request, dossier, gabarit, contexte, status=statut(formulaire))


def _repondre(request, dossier, definition, evaluation):
    nom = dossier.usager.nom_usuel
    identifiants = {"dossier_id": dossier.pk, "evaluation_id": evaluation.pk}
    if not evaluation.validee:
        messages.success(request, f"Brouillon enregistré pour {nom}.")
        return redirect("accompagnement:evaluation_remplir", **identifiants)
    messages.success(request, f"{definition.nom} : évaluation validée pour {nom}.")
    if request.habilitation.peut_pour(dossier, Bloc.EVA, Action.VOIR):
        return redirect("accompagnement:evaluation_voir", **identifiants)
    return redirect("accompagnement:evaluation_choisir", dossier_id=dossier.pk)


def _apres(request, dossier) -> str:
    """The list for who reads evaluations, the choice of a grid for who only fills them in."""
    lit = request.habilitation.peut_pour(dossier, Bloc.EVA, Action.VOIR)
    return "accompagnement:evaluations" if lit else "accompagnement:evaluation_choisir"
