"""Nothing typed is lost: a POST that cannot be served now is kept for its author, then replayed."""

from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from dui.socle.identifiants import lire_uuid
from dui.socle.models import SaisieEnAttente
from dui.socle.templatetags.jetons import SEL

CHAMP_AUTEUR, CHAMP_REPRISE = "_auteur", "_reprise"
INTERNES = {"csrfmiddlewaretoken", CHAMP_AUTEUR, CHAMP_REPRISE}
SECRETS = {"mot_de_passe", "reponse"}  # a proof asked again in a form whose text is kept
DUREE = timedelta(hours=24)
GARDEES_AU_PLUS = 50  # per account
VOLUME_MAX = 1_000_000  # characters; the forms of the product are far below


def auteur_du_formulaire(request) -> int | None:
    """The account for which the posted form was drawn, if the proof is ours and recent."""
    try:
        return signing.loads(request.POST.get(CHAMP_AUTEUR, ""), salt=SEL, max_age=DUREE)
    except signing.BadSignature:
        return None


@transaction.atomic
def garder(request) -> SaisieEnAttente | None:
    """Keep the posted fields for the form's author; None when nothing proves who it is, and for
    the pages of sign-in, lock and means of sign-in: their fields are secrets."""
    vue = request.resolver_match.func
    if getattr(vue, "hors_verrou", False) or getattr(vue, "secrete", False):
        return None
    auteur = auteur_du_formulaire(request)
    champs = {c: v for c, v in request.POST.lists() if c not in INTERNES | SECRETS}
    if auteur is None or sum(len(x) for v in champs.values() for x in v) > VOLUME_MAX:
        return None
    _faire_de_la_place(auteur)
    return SaisieEnAttente.objects.create(
        compte_id=auteur, chemin=request.get_full_path(), champs=champs
    )


def _faire_de_la_place(auteur) -> None:
    """What is too old, and all but the last ones of this account: nobody fills the base."""
    SaisieEnAttente.objects.filter(recue_le__lt=timezone.now() - DUREE).delete()
    siennes = SaisieEnAttente.objects.filter(compte=auteur).order_by("-recue_le")
    SaisieEnAttente.objects.filter(pk__in=siennes.values("pk")[GARDEES_AU_PLUS - 1 :]).delete()


def retrouver(compte, identifiant) -> SaisieEnAttente | None:
    """This one, if it is theirs; anything that is not an identifier finds nothing."""
    return SaisieEnAttente.objects.filter(compte=compte, pk=lire_uuid(identifiant)).first()


def oublier(compte, identifiant) -> None:
    if saisie := retrouver(compte, identifiant):
        saisie.delete()


def derniere(compte) -> SaisieEnAttente | None:
    """What was kept in their absence (a page left open on another workstation)."""
    miennes = SaisieEnAttente.objects.filter(compte=compte, recue_le__gte=timezone.now() - DUREE)
    return (
        miennes.exclude(chemin__startswith="/brouillons/enregistrer/").order_by("-recue_le").first()
    )


def vers_la_connexion(request, adresse: str):
    """Send to sign-in (or unlock), keeping the posted text and the page to come back to."""
    suite = request.get_full_path() if request.method == "GET" else page_d_avant(request)
    parametres = {"suite": _locale(request, suite)}
    if request.method == "POST" and (saisie := garder(request)):
        parametres |= {"saisie": str(saisie.pk), "ici": _preuve(request, str(saisie.pk))}
    return redirect(f"{adresse}?{urlencode(parametres)}")


def envoyee_d_ici(request) -> bool:
    """This very browser sent the entry named in the address: a link from elsewhere, which anybody
    can write, never replays anything by itself."""
    preuve = _preuve(request, request.GET.get("saisie", ""))
    return bool(preuve) and constant_time_compare(preuve, request.GET.get("ici", ""))


def _preuve(request, saisie: str) -> str:
    secret = request.META.get("CSRF_COOKIE")  # one per browser, until the next sign-in
    return salted_hmac("saisie-envoyee-d-ici", f"{saisie}|{secret}").hexdigest() if secret else ""


def page_d_avant(request) -> str:
    """Where the form was."""
    return _locale(request, request.META.get("HTTP_REFERER"))


def _locale(request, adresse: str | None) -> str:
    """The path of an address of ours; the home page for anything else."""
    origine = f"{request.scheme}://{request.get_host()}"
    adresse = (adresse or "/").removeprefix(origine)
    return adresse if adresse.startswith("/") and not adresse.startswith("//") else "/"
