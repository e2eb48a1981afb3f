"""Failed tries: counted by couple identifier × address, which slows down, and by identifier over
all addresses, which leaves a trace: a lock there would let anybody shut somebody else out."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_otp import devices_for_user

from dui.socle.adresses import source
from dui.socle.journal import consigner_connexion
from dui.socle.models import Compte
from habilitations.models import EchecConnexion

ESSAIS_MAX = 10
PENITENCE = timedelta(minutes=15)
JOUR = timedelta(days=1)
GARDES = timedelta(days=2)


class TropDEssais(Exception):
    pass


def compte_nomme(identifiant: str) -> Compte | None:
    """claire.martin, however it is typed; two names that differ by case alone are told apart."""
    saisi = identifiant.strip()
    pareils = list(Compte.objects.filter(username__iexact=saisi))
    exact = next((c for c in pareils if c.username == saisi), None)
    return pareils[0] if len(pareils) == 1 else exact


def refuser_les_essais_de_trop(request, identifiant: str) -> None:
    """The tries of a couple come one after the other: the lock lasts as long as the transaction of
    the try, whose failure the next one therefore counts."""
    compte = compte_nomme(identifiant)
    cle = _cle(_nu(compte.username if compte else identifiant), request)
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [cle[:16]])
    recents = EchecConnexion.objects.filter(cle=cle, le__gte=timezone.now() - PENITENCE)
    if recents.count() >= ESSAIS_MAX:
        raise TropDEssais


def noter_echec(request, identifiant: str, *, compte=None) -> None:
    # The journal says whose account was tried; the page that refuses never does.
    compte = compte or compte_nomme(identifiant)
    nom = _nu(compte.username if compte else identifiant)
    EchecConnexion.objects.filter(le__lt=timezone.now() - GARDES).delete()
    EchecConnexion.objects.create(cle=_cle(nom, request), cle_compte=_empreinte(nom))
    consigner_connexion(compte, "connexion_refusee")
    nombre = _du_compte(nom, JOUR).count()
    if nombre % settings.ESSAIS_SIGNALES == 0:
        consigner_connexion(compte, "essais_nombreux", contexte={"nombre": nombre})


def recents(compte) -> int:
    """Those that may still make this account wait."""
    return _du_compte(_nu(compte.username), PENITENCE).count()


def oublier(compte) -> None:
    """Whoever answers for the account says who is there: nothing makes them wait any more."""
    EchecConnexion.objects.filter(cle_compte=_empreinte(_nu(compte.username))).delete()
    for appareil in devices_for_user(compte):
        appareil.throttle_reset()


def _du_compte(nom: str, duree: timedelta):
    depuis = timezone.now() - duree
    return EchecConnexion.objects.filter(cle_compte=_empreinte(nom), le__gte=depuis)


def _nu(identifiant: str) -> str:
    return identifiant.strip().lower()


def _cle(nom: str, request) -> str:
    return _empreinte(f"{nom}|{source(request.META.get('REMOTE_ADDR', ''))}")


def _empreinte(texte: str) -> str:
    return hashlib.sha256(f"{texte}|{settings.SECRET_KEY}".encode()).hexdigest()
