"""The grids that the establishment brings: import, look, publish, withdraw, take away."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.formulaires import EvaluationForm
from accompagnement.evaluations.importees import lectures, services
from accompagnement.evaluations.importees.formulaires import ImportForm, PublicationForm
from accompagnement.evaluations.moteur.definitions import DefinitionInvalide
from accompagnement.models import PublicationGrille
from dui.socle import fichiers
from dui.socle.enums import Action, Bloc
from habilitations.acces import acces_bloc

lire, regler = acces_bloc(Bloc.PAR), acces_bloc(Bloc.PAR, Action.SAISIR)


@require_safe
@lire
def liste(request):
    contexte = {
        "titre": "Grilles d’évaluation",
        "grilles": lectures.grilles(),
        "livrees": list(catalogue.courantes().values()),
        "peut_regler": request.habilitation.peut(Bloc.PAR, Action.SAISIR),
    }
    return render(request, "accompagnement/evaluations/grilles/liste.html", contexte)


@require_http_methods(["GET", "POST"])
@regler
def importer(request):
    recu = request.method == "POST"
    formulaire = ImportForm(*((request.POST, request.FILES) if recu else ()))
    fautes: list[str] = []
    if recu and formulaire.is_valid():
        try:
            grille = services.importer(request.habilitation, _contenu(request, formulaire))
        except DefinitionInvalide as refus:
            fautes = refus.fautes
            formulaire.add_error("fichier", "Cette définition est refusée : rien n’est importé.")
        except fichiers.FichierInterdit as refus:
            formulaire.add_error("fichier", f"{refus.message} {refus.que_faire}")
        except ValidationError as erreur:
            formulaire.add_error("fichier", erreur.messages)
        else:
            messages.success(request, "Grille importée. Relisez-la, puis publiez-la.")
            return redirect("accompagnement:grille_voir", grille_id=grille.pk)
    contexte = {"titre": "Importer une grille", "formulaire": formulaire, "fautes": fautes}
    statut = 422 if recu else 200
    return render(
        request, "accompagnement/evaluations/grilles/importer.html", contexte, status=statut
    )


def _contenu(request, formulaire) -> bytes:
    flux = formulaire.cleaned_data["fichier"].file
    fichiers.controler(request.habilitation, flux, nom="", permises=[fichiers.TEXTE])
    return flux.read()


@require_safe
@lire
def voir(request, grille_id):
    return _page(request, _grille(grille_id))


@require_POST
@regler
def publier(request, grille_id):
    grille = _grille(grille_id)
    formulaire = PublicationForm(request.POST, habilitation=request.habilitation)
    if not formulaire.is_valid():
        return _page(request, grille, formulaire)
    nombre = services.publier(request.habilitation, grille, **formulaire.cleaned_data)
    dit = "La grille est publiée." if nombre else "La grille y était déjà publiée."
    messages.success(request, dit)
    return redirect("accompagnement:grille_voir", grille_id=grille.pk)


@require_POST
@regler
def retirer(request, grille_id, publication_grille_id):
    grille = _grille(grille_id)
    try:
        publication = services.retirer(request.habilitation, grille, publication_grille_id)
    except (PublicationGrille.DoesNotExist, PermissionDenied):
        raise Http404 from None  # of a house that this account does not adjust
    messages.success(request, f"Grille retirée de « {publication} ».")
    return redirect("accompagnement:grille_voir", grille_id=grille.pk)


@require_safe
@lire
def exporter(request, grille_id):
    return _fichier(_grille(grille_id).contenu)


@require_safe
@lire
def exporter_livree(request, grille):
    definition = catalogue.courantes().get(grille)
    if definition is None:
        raise Http404
    return _fichier(definition.brut)


@require_safe
@lire
def schema(request):
    return _fichier(catalogue.donnees("schema"), "schema")


# ---------------------------------------------------------------- inside


def _grille(grille_id):
    grille = lectures.grille(grille_id)
    if grille is None:
        raise Http404
    return grille


def _page(request, grille, formulaire=None):
    h = request.habilitation
    peut_regler = h.peut(Bloc.PAR, Action.SAISIR)
    if peut_regler and formulaire is None:
        formulaire = PublicationForm(habilitation=h)
    apercu = EvaluationForm(definition=lectures.definition(grille.code, grille.version))
    for champ in apercu.fields.values():
        champ.disabled = True
    contexte = {
        "titre": grille.nom,
        "grille": grille,
        "definition": apercu.definition,
        "publications": grille.publications.all(),
        "retirables": services.retirables(h, grille) if peut_regler else set(),
        "formulaire": formulaire,
        "parties": list(apercu.dessinees()),
    }
    statut = 422 if formulaire is not None and formulaire.is_bound else 200
    return render(request, "accompagnement/evaluations/grilles/voir.html", contexte, status=statut)


def _fichier(brut, nom="") -> HttpResponse:
    texte = json.dumps(brut, ensure_ascii=False, indent=1) + "\n"
    reponse = HttpResponse(texte, content_type="application/json; charset=utf-8")
    nom = nom or f"{brut['code']}-{brut['version']}"
    reponse["Content-Disposition"] = f'attachment; filename="grille-{nom}.json"'
    return reponse
