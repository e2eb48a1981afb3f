"""A sign-in on its way: it leaves from a browser and comes back to it, once, soon."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from dui.connecteurs.psc import EnAttente, Jetons, PlusLentement, Refus
from habilitations.connexion.essais import PENITENCE, TropDEssais
from habilitations.models import FlotPSC
from habilitations.models.psc import empreinte
from habilitations.psc.fournisseur import client

GARDES = timedelta(days=1)
EN_PLUS = 5  # seconds added to the interval by each « slow_down »


class FlotRefuse(Exception):
    """Unknown, used, too old, or of another browser: which one, nobody is told."""


def partir(request, *, retour: str, suite: dict) -> str:
    """The address of the provider's page. The provider is read before anything is written."""
    etat, nonce = secrets.token_urlsafe(32), secrets.token_hex(32)
    verificateur = secrets.token_urlsafe(48)
    adresse = client().adresse_d_autorisation(
        retour=retour, etat=etat, nonce=nonce, verificateur=verificateur
    )
    _noter(request, FlotPSC.Methode.CODE, etat, settings.PSC_DUREE_FLOT, suite=suite,
           nonce=nonce, verificateur=verificateur)  # fmt: skip
    return adresse


@transaction.atomic
def revenir(request, etat: str) -> FlotPSC:
    """Checked and consumed in one transaction: the same address never serves twice."""
    attendus = FlotPSC.objects.attendus().select_for_update(of=("self",))
    flot = attendus.filter(methode=FlotPSC.Methode.CODE, etat=empreinte(etat)).first()
    if flot is None or not _du_meme_navigateur(request, flot):
        raise FlotRefuse
    _consommer(flot)
    return flot


# ------------------------------------------------------------------ e-CPS on another device


def demander(request, *, identifiant_national: str, suite: dict) -> FlotPSC:
    """Ask the professional's own device; nobody may make a telephone ring without end, from
    wherever: the requests of one address have their bucket (settings.DEBITS)."""
    cible = empreinte(identifiant_national.upper())
    recentes = FlotPSC.objects.filter(cible=cible, cree_le__gte=timezone.now() - PENITENCE)
    if recentes.count() >= settings.PSC_DEMANDES_MAX:
        raise TropDEssais
    message = f"DUI {secrets.randbelow(10_000):04d}"
    demande = client().demander_ciba(identifiant_national=identifiant_national, message=message)
    flot = _noter(request, FlotPSC.Methode.CIBA, secrets.token_urlsafe(32), demande.duree,
                  suite=suite, demande=demande.identifiant, intervalle=demande.intervalle,
                  message=message, cible=cible)  # fmt: skip
    request.session["psc_ciba"] = str(flot.pk)
    return flot


def attendu(request) -> FlotPSC:
    """The request that this browser waits for."""
    flots = FlotPSC.objects.attendus().filter(methode=FlotPSC.Methode.CIBA)
    flot = flots.filter(pk=request.session.get("psc_ciba")).first()
    if flot is None or not _du_meme_navigateur(request, flot):
        raise FlotRefuse
    return flot


def relever(flot: FlotPSC) -> Jetons | None:
    """None as long as the person has not answered. One question an interval, whatever the number
    of pages that wait."""
    maintenant = timezone.now()
    du = Q(releve_le=None) | Q(releve_le__lte=maintenant - timedelta(seconds=flot.intervalle))
    ligne = FlotPSC.objects.attendus().filter(pk=flot.pk)
    if not ligne.filter(du).update(releve_le=maintenant):
        return None
    try:
        jetons = client().relever_ciba(flot.demande)
    except PlusLentement:
        ligne.update(intervalle=F("intervalle") + EN_PLUS)
        return None
    except EnAttente:
        return None
    except Refus:
        _consommer(flot)
        raise
    if not _consommer(flot):  # cancelled meanwhile
        raise FlotRefuse
    return jetons


def annuler(request) -> None:
    if identifiant := request.session.pop("psc_ciba", None):
        _consommer(FlotPSC(pk=identifiant))


# ------------------------------------------------------------------ inside


def _noter(request, methode, etat, duree, **champs) -> FlotPSC:
    FlotPSC.objects.filter(expire_le__lt=timezone.now() - GARDES).delete()
    navigateur = request.session.setdefault("psc_navigateur", secrets.token_urlsafe(32))
    return FlotPSC.objects.create(
        methode=methode,
        etat=empreinte(etat),
        navigateur=empreinte(navigateur),
        expire_le=timezone.now() + timedelta(seconds=duree),
        **champs,
    )


def _du_meme_navigateur(request, flot) -> bool:
    navigateur = request.session.get("psc_navigateur", "")
    return constant_time_compare(flot.navigateur, empreinte(navigateur))


def _consommer(flot) -> int:
    """Its secrets leave the table at once; `flot` keeps them for this request."""
    return (
        FlotPSC.objects.attendus()
        .filter(pk=flot.pk)
        .update(consomme_le=timezone.now(), nonce="", verificateur="", demande="")
    )
