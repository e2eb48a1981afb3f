"""Sign-in, lock and unlock: what happens, apart from any page."""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from dui.socle.journal import consigner_connexion
from dui.socle.models import EntreeJournal
from habilitations.connexion.essais import (
    compte_nomme,
    noter_echec,
    refuser_les_essais_de_trop,
)
from habilitations.models import Methode, PriseDePoste
from habilitations.models.postes import PAUSE
from habilitations.moyens import avis, delais, postes, secours, sessions

PREMIERE_RELEVE = timedelta(hours=24)
D_UN_AUTRE = ("connexion_refusee", "essais_nombreux")  # traces that prove nobody's presence


def verifier_mot_de_passe(request, *, identifiant: str, mot_de_passe: str):
    """The account, or None. Raises TropDEssais after ten failures of this couple in 15 minutes."""
    refuser_les_essais_de_trop(request, identifiant)
    nomme = compte_nomme(identifiant)
    nom = nomme.username if nomme else identifiant
    compte = auth.authenticate(request, username=nom, password=mot_de_passe)
    if compte is None:
        noter_echec(request, identifiant)
    return compte


def prouver_encore(request, mot_de_passe: str) -> bool:
    """The account of this very session types its password again. Raises TropDEssais."""
    compte = verifier_mot_de_passe(
        request, identifiant=request.user.username, mot_de_passe=mot_de_passe
    )
    if compte is None or compte != request.user:
        return False
    # The check may just have hashed the password anew: the session would end. It gets another
    # key, which the list of open sessions follows, or nobody could close it from elsewhere.
    auth.update_session_auth_hash(request, compte)
    sessions.suivre_la_cle(request)
    return True


def verifier_code(request, compte, code: str) -> bool:
    """Six digits of any confirmed device; a code serves once, failures slow down (django-otp)."""
    refuser_les_essais_de_trop(request, compte.username)
    appareils = TOTPDevice.objects.select_for_update(of=("self",)).filter(
        user=compte, confirmed=True
    )
    if any(appareil.verify_token(code) for appareil in appareils):
        return True
    noter_echec(request, compte.username, compte=compte)
    return False


def verifier_code_de_secours(request, compte, code: str) -> bool:
    refuser_les_essais_de_trop(request, compte.username)
    if secours.verifier(compte, code):
        return True
    noter_echec(request, compte.username, compte=compte)
    return False


def a_une_application(compte) -> bool:
    return compte.totpdevice_set.filter(confirmed=True).exists()


def a_une_seconde_preuve(compte) -> bool:
    """Codes, keys, or backup codes: then no telephone is linked by the password alone."""
    return a_une_application(compte) or compte.cles.exists() or bool(secours.restants(compte))


def appareil_a_relier(compte, cle: str) -> TOTPDevice:
    """Not saved. The key belongs to the session: whoever else knows the first password (who made
    the account, for one) sees another key, never the one this telephone will keep."""
    return TOTPDevice(user=compte, name="Application de codes", key=cle, confirmed=True)


@transaction.atomic
def relier_appareil(compte, cle: str, code: str) -> bool:
    """The first confirmed device of the account, once it shows the right code."""
    compte = get_user_model().objects.select_for_update(of=("self",)).get(pk=compte.pk)
    if a_une_seconde_preuve(compte):
        return False
    appareil = appareil_a_relier(compte, cle)
    totp = TOTP(appareil.bin_key, appareil.step, appareil.t0, appareil.digits)
    totp.time = time.time()
    if not totp.verify(int(code), appareil.tolerance):
        return False
    appareil.last_t = totp.t()  # this code has served
    appareil.save()
    return True


@transaction.atomic
def ouvrir_session(request, compte, methode: str = Methode.CODE, **faits) -> None:
    """Both factors are proven: open the session and take the shift. `faits`: what else the
    journal keeps of the way in."""
    sessions.oublier(request)  # that of the former person, if any
    auth.login(request, compte, backend=settings.AUTHENTICATION_BACKENDS[0])
    for reste in ("verrouille", "psc", "psc_fini"):  # of their own session, when it goes on
        request.session.pop(reste, None)
    sessions.ouvrir(request, compte, methode)
    request.session["ouverte_le"] = int(timezone.now().timestamp())
    if not compte.has_usable_password():  # nothing to type again: signing in anew is the proof
        request.session[sessions.PREUVE] = int(time.time())
    if methode != Methode.CODE_PERSONNEL:
        postes.noter_le_passage(request, compte)
    marquer_activite(request)
    prendre_poste(compte)
    poste = postes.poste_de(request)
    if methode != Methode.CODE_PERSONNEL:
        postes.proposer_un_code(request, compte)
    avis.prevenir(request, avis.changements(compte))
    avis.rappeler(request)
    contexte = {"methode": str(methode)} | faits | ({"poste": str(poste.pk)} if poste else {})
    consigner_connexion(compte, "connexion", contexte=contexte)


@transaction.atomic
def prendre_poste(compte) -> PriseDePoste:
    maintenant = timezone.now()
    return PriseDePoste.objects.create(
        compte=compte, le=maintenant, releve_depuis=fin_du_dernier_poste(compte, maintenant)
    )


def fin_du_dernier_poste(compte, maintenant):
    """The last trace of this account before a long pause; a short one continues the same shift."""
    precedent = PriseDePoste.objects.filter(compte=compte).order_by("-le").first()
    traces = EntreeJournal.objects.du_compte(compte).exclude(action__in=D_UN_AUTRE)
    trace = traces.order_by("-id").first()
    if trace and maintenant - trace.horodatage >= PAUSE:
        return trace.horodatage
    if trace and precedent:
        return precedent.releve_depuis
    return maintenant - PREMIERE_RELEVE


def marquer_activite(request) -> None:
    request.session["activite"] = int(timezone.now().timestamp())
    delais.relire(request)
    sessions.noter_activite(request)


def trop_vieille(request) -> bool:
    """However busy, a session ends: its two proofs are those of one shift."""
    ouverte = request.session.get("ouverte_le")
    maintenant = timezone.now().timestamp()
    return ouverte is not None and maintenant - ouverte > settings.SESSION_COOKIE_AGE


def verrouiller(request) -> None:
    request.session["verrouille"] = True
    consigner_connexion(request.user, "verrouillage")


def deverrouiller(request, compte, methode: str = Methode.CODE_PERSONNEL, **faits) -> None:
    """`compte` comes fresh from the check, which may just have hashed the password anew."""
    request.session.pop("verrouille", None)
    auth.update_session_auth_hash(request, compte)
    sessions.suivre_la_cle(request)
    marquer_activite(request)
    if methode != Methode.CODE_PERSONNEL:
        postes.noter_le_passage(request, compte)
    contexte = {"methode": str(methode)} | faits if faits else None
    consigner_connexion(request.user, "deverrouillage", contexte=contexte)


def fermer_session(request) -> None:
    consigner_connexion(request.user, "deconnexion")
    sessions.oublier(request)
    auth.logout(request)
