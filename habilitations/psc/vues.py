"""Pages of Pro Santé Connect: leave, come back, choose, wait for the other device, sign out.

No transaction spans a view that speaks to the provider: each write has its own, and no row is
locked while one waits. It is the one outside call that a request makes (docs/decisions/0013).
"""

import secrets
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from dui.connecteurs.psc import Injoignable, JetonInvalide, Refus
from dui.socle.journal import consigner_connexion
from habilitations.acces import acces_public
from habilitations.connexion import saisies
from habilitations.connexion.essais import TropDEssais
from habilitations.connexion.vues import ATTENDRE, hors_verrou, reprendre, suite_demandee
from habilitations.models import FlotPSC
from habilitations.psc import flots, sessions
from habilitations.psc.formulaires import ECPSForm, PratiqueForm
from habilitations.psc.fournisseur import client
from habilitations.psc.pratiques import en_clair

PANNE = (
    "Pro Santé Connect ne répond pas. Connectez-vous avec votre identifiant, votre mot de passe "
    "et votre code, ou réessayez dans quelques minutes."
)
PERIMEE = "Cette connexion n’est plus valable. Recommencez depuis cette page."
REFUSEE = "Pro Santé Connect n’a pas confirmé votre identité. Recommencez."
ABANDON = "La connexion par Pro Santé Connect a été abandonnée."
TROP_TARD = "La demande n’a pas été confirmée à temps. Recommencez."
DELAI_MINIMAL = 3  # seconds between two refreshes of the waiting page


def page_psc(vue):
    """Public, never kept, outside any transaction; where no client is configured, the ordinary
    sign-in answers."""

    @wraps(vue)
    def enveloppe(request, *args, **kwargs):
        if not settings.PSC_OUVERT:
            return redirect(settings.LOGIN_URL)
        return vue(request, *args, **kwargs)

    return hors_verrou(acces_public(transaction.non_atomic_requests(never_cache(enveloppe))))


@page_psc
@require_POST
def depart(request):
    suite = _suite(request)
    try:
        adresse = flots.partir(request, retour=_absolue(request, "psc_retour"), suite=suite)
    except Injoignable:
        return _en_panne(request, suite)
    return _quitter(request, adresse, "Connexion par Pro Santé Connect")


@page_psc
@require_GET
def retour(request):
    try:
        flot = flots.revenir(request, request.GET.get("state", ""))
    except flots.FlotRefuse:
        return _refuser(request, {}, PERIMEE, motif="etat")
    if request.GET.get("error"):
        return _refuser(request, flot.suite, ABANDON, motif="abandon")
    return _identifier(request, flot, lambda: _echanger(request, flot))


def _echanger(request, flot):
    if request.GET.get("iss", client().emetteur) != client().emetteur:  # RFC 9207
        raise JetonInvalide("iss")
    return client().echanger(
        request.GET.get("code", ""),
        retour=_absolue(request, "psc_retour"),
        verificateur=flot.verificateur,
    )


def _identifier(request, flot, obtenir):
    """The tokens, then who they are about, then the account, then the session."""
    try:
        jetons = obtenir()
        identite = client().identifier(
            jetons,
            nonce=flot.nonce or None,
            demande=flot.demande,
            depuis=flot.cree_le.timestamp(),
            # Nobody opens a locked workstation by the session that its owner left at the provider.
            dater=flot.methode == FlotPSC.Methode.CODE and request.session.get("verrouille", False),
        )
        ligne = sessions.accueillir(identite, jetons, flot)
    except Injoignable:
        return _en_panne(request, flot.suite)
    except JetonInvalide as erreur:
        return _refuser(request, flot.suite, REFUSEE, motif=erreur.motif)
    except Refus:
        return _refuser(request, flot.suite, REFUSEE, motif="fournisseur")
    except sessions.NonDeclare as erreur:
        return _non_declare(request, flot, jetons, erreur)
    if len(ligne.pratiques) == 1:
        return _entrer(request, ligne, 0)
    request.session["psc_en_attente"] = str(ligne.pk)
    return redirect("psc_choix")


def _non_declare(request, flot, jetons, erreur):
    """On a shared workstation, their session at the provider must not wait for the next one."""
    contexte = {"methode": flot.methode, "motif": erreur.motif, "identifiant": erreur.identifiant}
    consigner_connexion(erreur.compte, "connexion_refusee", contexte=contexte)
    etat = request.session["psc_sortie"] = secrets.token_urlsafe(16)
    page = {
        "identifiant": erreur.identifiant,
        "compte_connu": erreur.compte is not None,
        "sortie": client().adresse_de_fin(
            jetons.identite, retour=_absolue(request, "psc_sortie"), etat=etat
        ),
    }
    return render(request, "habilitations/psc/non_declare.html", page, status=403)


def _entrer(request, ligne, rang):
    sessions.ouvrir(request, ligne, rang)
    suite = ligne.suite
    return reprendre(request, suite["suite"], suite["d_ici"], suite["saisie"])


@page_psc
@require_http_methods(["GET", "POST"])
def choix(request):
    """Which profession, which establishment: asked when the answer is not obvious."""
    ligne = sessions.en_attente(request)
    if ligne is None:
        return _reprendre_au_debut(request, {})
    formulaire = PratiqueForm(request.POST or None, nombre=len(ligne.pratiques))
    if request.method == "POST" and formulaire.is_valid():
        return _entrer(request, ligne, formulaire.cleaned_data["pratique"])
    request.session["psc_a_fermer"] = str(ligne.pk)  # « Ce n’est pas moi »
    contexte = {"compte": ligne.compte, "pratiques": [en_clair(p) for p in ligne.pratiques]}
    return render(request, "habilitations/psc/choix.html", contexte)


# ------------------------------------------------------------------ e-CPS on another device


@page_psc
@require_http_methods(["GET", "POST"])
def e_cps(request):
    formulaire = ECPSForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        identifiant = formulaire.cleaned_data["identifiant"]
        try:
            flots.demander(request, identifiant_national=identifiant, suite=_suite(request))
        except TropDEssais:
            formulaire.add_error(None, ATTENDRE)
        except Refus:
            formulaire.add_error(None, "Pro Santé Connect refuse cette demande.")
        except Injoignable:
            return _en_panne(request, _suite(request))
        else:
            return redirect("psc_attente")
    statut = 422 if formulaire.is_bound else 200
    contexte = {"formulaire": formulaire}
    return render(request, "habilitations/psc/e_cps.html", contexte, status=statut)


@page_psc
@require_safe
def attente(request):
    """Asks again by itself, without any script: the `Refresh` header."""
    try:
        flot = flots.attendu(request)
        jetons = flots.relever(flot)
    except flots.FlotRefuse:
        perdue = "psc_ciba" in request.session
        request.session.pop("psc_ciba", None)
        return _reprendre_au_debut(request, {}, TROP_TARD if perdue else "")
    except Refus as refus:
        texte = TROP_TARD if refus.code == "expired_token" else ABANDON
        return _refuser(request, flot.suite, texte, motif="e_cps")
    except Injoignable:
        return _en_panne(request, flot.suite)
    if jetons:
        return _identifier(request, flot, lambda: jetons)
    delai = max(flot.intervalle, DELAI_MINIMAL)
    contexte = {"flot": flot, "delai": delai}
    reponse = render(request, "habilitations/psc/attente.html", contexte)
    reponse["Refresh"] = str(delai)
    return reponse


@page_psc
@require_POST
def annuler(request):
    flots.annuler(request)
    return _reprendre_au_debut(request, {}, ABANDON)


# ------------------------------------------------------------------ sign-out


@page_psc
@require_safe
def sortie(request):
    """Ours is closed already; the provider's follows, then comes back here."""
    session = request.session.pop("psc_a_fermer", None)
    if session is None:
        return _de_retour_de_sortie(request)
    etat = request.session["psc_sortie"] = secrets.token_urlsafe(16)
    adresse = sessions.adresse_de_sortie(session, retour=_absolue(request, "psc_sortie"), etat=etat)
    if adresse is None:
        texte = "Votre session Pro Santé Connect n’a pas pu être fermée : fermez le navigateur."
        return _reprendre_au_debut(request, {}, texte)
    return _quitter(request, adresse, "Déconnexion de Pro Santé Connect")


def _de_retour_de_sortie(request):
    etat = request.session.pop("psc_sortie", "")
    if etat and constant_time_compare(etat, request.GET.get("state", "")):
        messages.success(request, "Votre session Pro Santé Connect est fermée aussi.")
    return redirect(settings.LOGIN_URL)


# ------------------------------------------------------------------ common


def _suite(request) -> dict:
    """What to come back to; whether this very browser sent it is judged now (saisies)."""
    return {
        "suite": suite_demandee(request),
        "saisie": request.GET.get("saisie", ""),
        "ici": request.GET.get("ici", ""),
        "d_ici": saisies.envoyee_d_ici(request),
    }


def _absolue(request, nom) -> str:
    return request.build_absolute_uri(reverse(nom))


def _quitter(request, adresse, titre):
    """A page, not a redirection: `form-action 'self'` would stop the form that led here."""
    contexte = {"adresse": adresse, "titre": titre}
    reponse = render(request, "habilitations/psc/quitter.html", contexte)
    reponse["Refresh"] = f"0; url={adresse}"
    return reponse


def _en_panne(request, suite):
    consigner_connexion(None, "psc_injoignable")
    return _reprendre_au_debut(request, suite, PANNE)


def _refuser(request, suite, texte, *, motif):
    contexte = {"methode": "psc", "motif": motif}
    consigner_connexion(None, "connexion_refusee", contexte=contexte)
    return _reprendre_au_debut(request, suite, texte)


def _reprendre_au_debut(request, suite, texte=""):
    """The ordinary sign-in (or the lock), with what was asked for and what was being typed."""
    if texte:
        messages.error(request, texte)
    debut = "/verrou/" if request.user.is_authenticated else settings.LOGIN_URL
    gardes = {nom: suite[nom] for nom in ("suite", "saisie", "ici") if suite.get(nom)}
    return redirect(f"{debut}?{urlencode(gardes)}" if gardes else debut)
