"""Declare the access of a view. A view without declaration does not answer."""

from functools import wraps
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect

from dui.socle.enums import Action, Bloc
from dui.socle.fusion import absorbe_par
from dui.socle.journal import consigner
from dui.socle.models import Dossier
from habilitations import fusions, redaction

EN_CONSULTATION = "Votre rôle ne permet pas d’écrire dans cette partie du dossier."


def acces_dossier(bloc: str, action: str = Action.VOIR):
    """Load the dossier if the policy allows it, journal the access, pass it to the view."""

    def decorer(vue):
        @wraps(vue)
        def enveloppe(request, dossier_id, *args, **kwargs):
            if request.method == "POST":
                absorbe_par(dossier_id)  # no merge begins while this request writes
            dossier = _trouver(request, dossier_id, bloc, action)
            if dossier is None:
                if suite := fusions.suivre(request, dossier_id, bloc, action, kwargs):
                    return suite
                _refuser(request, dossier_id, bloc, action)
            reponse = vue(request, dossier, *args, **kwargs)
            redaction.clore_si_enregistre(request, dossier, reponse)
            return reponse

        # Read by the AccesDeclare middleware and by the test that walks every URL.
        enveloppe.acces = ("dossier", bloc, action)  # type: ignore[attr-defined]
        return enveloppe

    return decorer


def _trouver(request, dossier_id, bloc, action) -> Dossier | None:
    h = request.habilitation
    if not h.professionnel:
        _refuser(request, dossier_id, bloc, action)
    dossier = h.dossier(dossier_id, bloc, action)
    if dossier is None:
        return None
    request.dossier = dossier
    consigner(h, action, dossier=dossier, bloc=bloc, cible=request.resolver_match.view_name)
    return dossier


def _refuser(request, dossier_id, bloc, action) -> NoReturn:
    h = request.habilitation
    request.acces_refuse = (bloc, action, dossier_id)  # journaled by the middleware
    # 403 only when the account already sees this dossier: otherwise it does not exist.
    if h.professionnel and _connait(h, dossier_id):
        raise PermissionDenied(_refus(bloc, action))
    raise Http404


def acces_a_briser(vue):
    """The page that asks why a closed dossier should open: its title only. An open one needs none
    of it: straight to its summary."""

    @wraps(vue)
    def enveloppe(request, dossier_id, *args, **kwargs):
        h = request.habilitation
        if request.method == "POST":
            absorbe_par(dossier_id)
        connu = _connait(h, dossier_id)
        if connu and h.peut(Bloc.BDG, Action.SAISIR):
            return redirect("dossier", dossier_id=dossier_id)
        dossiers = Dossier.objects.filter(pk__in=h.dossiers_a_briser()).select_related("usager")
        dossier = dossiers.filter(pk=dossier_id).first()
        if dossier is None and (suite := fusions.suivre_a_briser(request, dossier_id)):
            return suite
        if dossier is None:
            request.acces_refuse = (Bloc.BDG, Action.SAISIR, dossier_id)
            if connu and h.professionnel:
                raise PermissionDenied(_refus(Bloc.BDG, Action.SAISIR))
            raise Http404
        cible = request.resolver_match.view_name
        consigner(h, "lister", dossier=dossier, bloc=Bloc.BDG, cible=cible, titre="aucun")
        return vue(request, dossier, *args, **kwargs)

    enveloppe.acces = ("dossier", Bloc.BDG, Action.SAISIR)  # type: ignore[attr-defined]
    return enveloppe


def _connait(h, dossier_id) -> bool:
    return Dossier.objects.visibles(h, Bloc.ID, Action.RESUME).filter(pk=dossier_id).exists()


def _refus(bloc, action) -> str:
    if action in (Action.VOIR, Action.RESUME):
        return "Votre rôle n’ouvre pas cette partie du dossier."
    return EN_CONSULTATION


def acces_bloc(bloc: str, action: str = Action.VOIR):
    """Lists: the right exists somewhere; which rows, the QuerySet says."""

    def decorer(vue):
        @wraps(vue)
        def enveloppe(request, *args, **kwargs):
            h = request.habilitation
            if not h.professionnel or not h.peut(bloc, action):
                request.acces_refuse = (bloc, action, None)
                if not h.professionnel:
                    raise Http404
                raise PermissionDenied("Votre rôle n’ouvre pas cette page.")
            consigner(h, "lister", bloc=bloc, cible=request.resolver_match.view_name)
            return vue(request, *args, **kwargs)

        enveloppe.acces = ("bloc", bloc, action)  # type: ignore[attr-defined]
        return enveloppe

    return decorer


def acces_portail(bloc: str, action: str = Action.VOIR):
    """Pages of the person and of relatives: only dossiers granted by name."""

    def decorer(vue):
        @wraps(vue)
        def enveloppe(request, dossier_id, *args, **kwargs):
            h = request.habilitation
            dossier = None if h.professionnel else h.dossier(dossier_id, bloc, action)
            if dossier is None:
                if not h.professionnel and (
                    suite := fusions.suivre(request, dossier_id, bloc, action, kwargs)
                ):
                    return suite
                request.acces_refuse = (bloc, action, dossier_id)
                raise Http404
            request.dossier = dossier
            consigner(h, action, dossier=dossier, bloc=bloc, cible=request.resolver_match.view_name)
            return vue(request, dossier, *args, **kwargs)

        enveloppe.acces = ("portail", bloc, action)  # type: ignore[attr-defined]
        return enveloppe

    return decorer


def acces_connecte(vue):
    """Any professional who has signed in; a portal account does not find the page."""

    @wraps(vue)
    def enveloppe(request, *args, **kwargs):
        if not request.habilitation.professionnel:
            raise Http404
        return vue(request, *args, **kwargs)

    enveloppe.acces = ("connecte",)  # type: ignore[attr-defined]
    return enveloppe


def acces_soi(vue):
    """What concerns only the account itself: lock, drafts, replay. Portal accounts included."""
    vue.acces = ("soi",)
    return vue


def acces_public(vue):
    vue.acces = ("public",)
    vue.login_required = False
    return vue
