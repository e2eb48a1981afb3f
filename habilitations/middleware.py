import time

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ImproperlyConfigured
from django.shortcuts import render
from django.utils import timezone

from dui.socle.contexte_requete import poser_contexte, rendre_contexte
from dui.socle.journal import consigner
from dui.socle.models import Dossier
from dui.traces import requete_en_cours
from habilitations.connexion import saisies, services
from habilitations.lieux import lieu_de
from habilitations.moyens.delais import delai
from habilitations.politique import Habilitation

MINUTE = 60


class ConnexionRequise(LoginRequiredMiddleware):
    """Deny by default; a form sent after the session ended is kept and replayed."""

    def handle_no_permission(self, request, view_func):
        return saisies.vers_la_connexion(request, settings.LOGIN_URL)


class Verrou:
    """A locked or idle session shows nothing; what it posts is kept for its author."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, vue, args, kwargs):
        if not request.user.is_authenticated or getattr(vue, "hors_verrou", False):
            return None
        if services.trop_vieille(request):
            services.fermer_session(request)
            return saisies.vers_la_connexion(request, settings.LOGIN_URL)
        if self._inactive(request):
            request.session["verrouille"] = True
        if request.session.get("verrouille"):
            return saisies.vers_la_connexion(request, "/verrou/")
        # One write of the session a minute at most, or each page would cost one.
        if time.time() - request.session.get("activite", 0) > MINUTE:
            services.marquer_activite(request)
        return None

    def _inactive(self, request) -> bool:
        activite = request.session.get("activite")
        return activite is not None and time.time() - activite > delai(request)


class Reprise:
    """A page drawn for somebody else is never saved under my name; a replayed POST is forgotten
    once it went through."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        reponse = self.get_response(request)
        reprise = request.POST.get(saisies.CHAMP_REPRISE) if request.method == "POST" else None
        if reprise and reponse.status_code < 400 and request.user.is_authenticated:
            saisies.oublier(request.user, reprise)
        return reponse

    def process_view(self, request, vue, args, kwargs):
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        if getattr(vue, "hors_verrou", False):
            return None
        auteur = saisies.auteur_du_formulaire(request)
        if auteur in (None, request.user.pk):
            return None
        saisies.garder(request)
        return render(request, "habilitations/autre_auteur.html", status=409)


class AccesDeclare:
    """Deny by default: a view that does not say who may open it is an error."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        jeton = poser_contexte(
            {"requete": requete_en_cours.get(), "adresse": request.META.get("REMOTE_ADDR", "")}
        )
        try:
            reponse = self.get_response(request)
            if refus := getattr(request, "acces_refuse", None):
                # Here, outside the view's transaction, which was rolled back: the trace stays.
                self._consigner_refus(request, *refus)
            elif reponse.status_code == 404 and hasattr(request, "dossier"):
                self._consigner_introuvable(request)
            return reponse
        finally:
            timezone.deactivate()
            rendre_contexte(jeton)

    def _consigner_refus(self, request, bloc, action, dossier_id):
        consigner(
            request.habilitation,
            "refus",
            dossier=Dossier.objects.filter(pk=dossier_id).first() if dossier_id else None,
            bloc=bloc,
            cible=f"{action} {request.resolver_match.view_name}",
            titre="aucun",
            contexte={"methode": request.method},
        )

    def _consigner_introuvable(self, request):
        """In an open dossier, an object that is not there: a stale link, or one that tries."""
        _, bloc, action = request.resolver_match.func.acces
        cible = f"introuvable {request.resolver_match.view_name}"
        consigner(request.habilitation, action, dossier=request.dossier, bloc=bloc, cible=cible)

    def process_view(self, request, vue, args, kwargs):
        if not hasattr(vue, "acces"):
            raise ImproperlyConfigured(
                f"{vue.__module__}.{vue.__qualname__} ne déclare pas d’accès"
            )
        if request.user.is_authenticated:
            request.habilitation = Habilitation(request.user)
            if etablissement := lieu_de(request).etablissement:
                timezone.activate(etablissement.fuseau)
