"""« Mes moyens de connexion »: what proves who I am, and where I am signed in."""

import time
from contextlib import suppress
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from habilitations.acces import acces_soi
from habilitations.connexion import services
from habilitations.connexion.vues import suite_demandee
from habilitations.models import CleAcces, SessionOuverte
from habilitations.moyens import avis, cles, mots_de_passe, postes, preuves, secours, sessions
from habilitations.moyens.formulaires import (
    ChoisirCodeForm,
    CleForm,
    ConfirmerForm,
    MotDePasseForm,
)
from habilitations.moyens.lectures import mes_moyens

DUREE_DE_LA_PREUVE = 300  # seconds
GESTES = {"moyens_cle_retirer", "moyens_session_fermer", "moyens_sessions_fermer"}
GESTE = "geste"  # which of them this session was about to do: an address, without any field


def secrete(vue):
    """What is typed here is never kept for a replay."""
    vue.secrete = True
    return vue


def preuve_recente(vue):
    """A proof has just been given again: an open session is not enough to change a proof. A gesture
    that has no page of its own waits in the session, and is done once the proof is given."""

    @wraps(vue)
    def enveloppe(request, *args, **kwargs):
        if time.time() - request.session.get(sessions.PREUVE, 0) > DUREE_DE_LA_PREUVE:
            if request.resolver_match.view_name in GESTES:
                request.session[GESTE] = request.path
            return redirect(f"{reverse('moyens_confirmer')}?{urlencode({'suite': request.path})}")
        return vue(request, *args, **kwargs)

    return enveloppe


@secrete
@acces_soi
@never_cache
@require_safe
def moyens(request):
    return render(request, "moyens/moyens.html", mes_moyens(request))


@secrete
@acces_soi
@require_POST
def avis_lus(request):
    avis.acquitter(request)
    messages.success(request, "C’est noté.")
    return redirect("moyens")


@secrete
@acces_soi
@never_cache
@require_http_methods(["GET", "POST"])
def confirmer(request):
    formulaire = ConfirmerForm(request.POST or None, compte=request.user)
    if request.method == "POST" and preuves.donnee(request, formulaire):
        request.session[sessions.PREUVE] = int(time.time())
        return _reprendre(request, suite_demandee(request))
    return _page(request, "confirmer", formulaire, suite=suite_demandee(request))


def _reprendre(request, suite):
    """What was asked before the proof; never a gesture that only a link names."""
    attendu = request.session.pop(GESTE, None)
    try:
        page = resolve(urlsplit(suite).path)
    except Resolver404:
        return redirect(suite)
    if page.view_name not in GESTES:
        return redirect(suite)
    if suite == attendu:
        with suppress(Http404):  # no error page here: it would undo the proof with the transaction
            return page.func(request, **page.kwargs)
        messages.error(request, "Rien n’a été fait : cette ligne n’existe plus.")
    return redirect("moyens")


@secrete
@acces_soi
@never_cache
@require_POST
def preuve_options(request):
    return JsonResponse(preuves.proposer(request))


@secrete
@acces_soi
@never_cache
@require_http_methods(["GET", "POST"])
def mot_de_passe(request):
    formulaire = MotDePasseForm(request.POST or None, compte=request.user)
    if request.method == "POST" and _change(request, formulaire):
        messages.success(request, "Mot de passe changé. Vos autres sessions sont fermées.")
        return redirect("moyens")
    return _page(request, "mot_de_passe", formulaire)


def _change(request, formulaire) -> bool:
    """The same one is refused after the proof only: before it, that would tell what it is."""
    if not preuves.donnee(request, formulaire):
        return False
    nouveau = formulaire.cleaned_data["nouveau"]
    if request.user.check_password(nouveau):
        formulaire.add_error("nouveau", "C’est déjà votre mot de passe : choisissez-en un autre.")
        return False
    mots_de_passe.changer(request, request.user, nouveau)
    return True


@secrete
@acces_soi
@never_cache
@preuve_recente
@require_http_methods(["GET", "POST"])
def codes_de_secours(request):
    """Shown once: nothing keeps them, neither the session nor the history of the browser."""
    codes = secours.generer(request.user) if request.method == "POST" else []
    contexte = {"codes": codes, "restants": secours.restants(request.user)}
    return render(request, "moyens/codes_de_secours.html", contexte)


@secrete
@acces_soi
@never_cache
@preuve_recente
@require_http_methods(["GET", "POST"])
def code_personnel(request):
    formulaire = ChoisirCodeForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        postes.choisir_le_code(request.user, formulaire.cleaned_data["code"])
        request.session.pop(postes.PROPOSER, None)
        messages.success(request, "Code personnel choisi. Il sert sur les postes partagés.")
        return redirect("moyens")
    return _page(request, "code_personnel", formulaire)


@secrete
@acces_soi
@require_POST
def code_personnel_plus_tard(request):
    request.session.pop(postes.PROPOSER, None)
    return redirect("/")


@secrete
@acces_soi
@never_cache
@preuve_recente
@require_http_methods(["GET", "POST"])
def cle_ajouter(request):
    formulaire = CleForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            cles.ajouter(request, **formulaire.cleaned_data)
        except cles.CleRefusee:
            formulaire.add_error(None, preuves.CLE_REFUSEE)
        else:
            messages.success(request, "Clé ajoutée. Essayez-la à votre prochaine connexion.")
            return redirect("moyens")
    return _page(request, "cle_ajouter", formulaire)


@secrete
@acces_soi
@never_cache
@preuve_recente
@require_POST
def cle_options(request):
    return JsonResponse(cles.proposer_l_ajout(request))


@secrete
@acces_soi
@preuve_recente
@require_POST
def cle_retirer(request, cle_id):
    miennes = CleAcces.objects.visibles(request.habilitation)
    cles.retirer(request.habilitation, get_object_or_404(miennes, pk=cle_id))
    messages.success(request, "Clé retirée.")
    return redirect("moyens")


@secrete
@acces_soi
@require_POST
def session_fermer(request, session_id):
    miennes = SessionOuverte.objects.visibles(request.habilitation)
    session = get_object_or_404(miennes, pk=session_id)
    if str(session.pk) == sessions.courante(request):
        services.fermer_session(request)
        return redirect(settings.LOGIN_URL)
    return _fermer(request, miennes.filter(pk=session_id))


@preuve_recente
def _fermer(request, ouvertes):
    sessions.fermer(request.user, ouvertes)
    messages.success(request, "Session fermée.")
    return redirect("moyens")


@secrete
@acces_soi
@preuve_recente
@require_POST
def sessions_fermer_les_autres(request):
    nombre = sessions.fermer_les_autres(request)
    messages.success(
        request, f"{nombre} session{'s' if nombre > 1 else ''} fermée{'s' if nombre > 1 else ''}."
    )
    return redirect("moyens")


def _page(request, nom, formulaire, **contexte):
    statut = 422 if formulaire.is_bound else 200
    return render(
        request, f"moyens/{nom}.html", {"formulaire": formulaire, **contexte}, status=statut
    )
