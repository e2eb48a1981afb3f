"""« Portail » of a dossier: to whom it is open, since when, why; open it, close it at once."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dui.socle.enums import Action, Bloc
from dui.socle.refus import refus_dans
from habilitations.acces import acces_dossier
from habilitations.models import Activation
from habilitations.pages import rendre_dossier
from relation_usager.ouvertures import lectures, services
from relation_usager.ouvertures.formulaires import FermetureForm, OuvertureForm


@require_safe
@acces_dossier(Bloc.JUR)
def portail(request, dossier):
    ouverts, fermes = lectures.ouvertures_du_dossier(dossier)
    peut = request.habilitation.peut_pour(dossier, Bloc.JUR, Action.SAISIR)
    contexte = {
        "titre": "Portail",
        "ouverts": ouverts,
        "fermes": fermes,
        "peut_ouvrir": peut,
        "candidats": lectures.candidats(request.habilitation, dossier) if peut else [],
    }
    return rendre_dossier(request, dossier, "ouvertures/portail.html", contexte)


@never_cache
@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.JUR, Action.SAISIR)
def ouvrir(request, dossier, contact_id=None):
    candidat = lectures.candidat(request.habilitation, dossier, contact_id)
    if candidat is None:
        raise Http404
    toujours, sur_accord = lectures.parties(candidat.qualite)
    formulaire = OuvertureForm(request.POST or None, sur_accord=sur_accord, toujours=toujours)
    if formulaire.is_valid():
        with refus_dans(formulaire):
            compte, code = services.ouvrir(
                request.habilitation, dossier, candidat=candidat, **formulaire.cleaned_data
            )
            return _ouvert(request, dossier, compte, code)
    contexte = {
        "titre": "Ouvrir le portail",
        "candidat": candidat,
        "toujours": toujours,
        "formulaire": formulaire,
    }
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, "ouvertures/ouvrir.html", contexte, status=statut)


def _ouvert(request, dossier, compte, code):
    if code:
        return _remettre(request, dossier, compte, code)
    messages.success(request, f"Le portail est ouvert à {compte}, qui a déjà son compte.")
    return redirect("ouvertures:portail", dossier_id=dossier.pk)


def _remettre(request, dossier, compte, code):
    """Shown by the answer itself: the code is kept nowhere, a second look gives another one. The
    sheet leaves the house with somebody: without the banner of the dossier."""
    contexte = {
        "titre": "Accès à remettre",
        "dossier": dossier,
        "compte": compte,
        "code": code,
        "activation": compte.activations.utilisables().first(),
        "adresse": request.build_absolute_uri("/activation/"),
    }
    return render(request, "ouvertures/remettre.html", contexte)


def _ouverture(dossier, cle):
    ouverture = lectures.ouverture(dossier, cle)
    if ouverture is None:
        raise Http404
    return ouverture


@require_http_methods(["GET", "POST"])
@acces_dossier(Bloc.JUR, Action.SAISIR)
def fermer(request, dossier, acces_nominatif_id):
    ouverture = _ouverture(dossier, acces_nominatif_id)
    formulaire = FermetureForm(request.POST or None)
    if formulaire.is_valid():
        services.fermer(
            request.habilitation, dossier, compte=ouverture.compte, **formulaire.cleaned_data
        )
        messages.success(request, f"Le portail est fermé à {ouverture.compte}, dès maintenant.")
        return redirect("ouvertures:portail", dossier_id=dossier.pk)
    contexte = {"titre": "Fermer le portail", "formulaire": formulaire, "ouverture": ouverture}
    statut = 422 if formulaire.is_bound else 200
    return rendre_dossier(request, dossier, "ouvertures/fermer.html", contexte, status=statut)


@never_cache
@require_POST
@acces_dossier(Bloc.JUR, Action.SAISIR)
def code(request, dossier, acces_nominatif_id):
    motif = request.POST.get("motif", "")
    if motif not in (Activation.Motif.MOT_DE_PASSE, Activation.Motif.SECOND_FACTEUR):
        raise Http404
    compte = _ouverture(dossier, acces_nominatif_id).compte
    try:
        nouveau = services.redonner_code(request.habilitation, dossier, compte=compte, motif=motif)
    except PermissionDenied as refus:
        messages.error(request, str(refus))
        return redirect("ouvertures:portail", dossier_id=dossier.pk)
    return _remettre(request, dossier, compte, nouveau)
