"""Invented data only: what the demo, development and the tests have in common.

Their keys are public, so a start that looks like production is refused.
"""

import os
from ipaddress import ip_address

from django.core.exceptions import ImproperlyConfigured
from kombu.utils.url import url_to_parts
from psycopg.conninfo import conninfo_to_dict

from dui.environnement import envliste, envstr

HOTES = ["localhost", "127.0.0.1", "[::1]"]
SECRETS = ("DUI_CLE_SECRETE", "DUI_CLES_DOCUMENTS", "DUI_CLE_JOURNAL")
DISTANTS = ("DATABASE_URL_FILE", "REDIS_URL_FILE")  # would hide where they lead


def locale(hote: str) -> bool:
    """A unix socket, nothing at all, or a loopback address."""
    if hote in ("", "localhost") or hote.startswith("/"):
        return True
    try:
        return ip_address(hote.strip("[]")).is_loopback
    except ValueError:
        return False


def refuser_la_production() -> None:
    refus = f"DUI_ENV={envstr('DUI_ENV')} sert à essayer, avec des clés connues de tous : "
    if secrets := [nom for nom in SECRETS for n in (nom, f"{nom}_FILE") if os.environ.get(n)]:
        raise ImproperlyConfigured(
            f"{refus}{secrets[0]} est un secret de production. Retirez-le, ou DUI_ENV."
        )
    if caches := [nom for nom in DISTANTS if os.environ.get(nom)]:
        raise ImproperlyConfigured(f"{refus}{caches[0]} ne sert qu’en production. Retirez-le.")
    if distants := [h for h in envliste("DUI_HOTES", "localhost") if not locale(h)]:
        raise ImproperlyConfigured(
            f"{refus}DUI_HOTES ne peut nommer « {distants[0]} », qui n’est pas cette machine."
        )
    hotes = conninfo_to_dict(envstr("DATABASE_URL", "")).get("host", "")
    if not all(locale(hote) for hote in str(hotes).split(",")):
        raise ImproperlyConfigured(
            f"{refus}DATABASE_URL désigne le serveur « {hotes} », qui n’est pas cette machine."
        )
    hote = url_to_parts(envstr("REDIS_URL", "redis://localhost")).hostname or ""
    if not locale(hote):
        raise ImproperlyConfigured(
            f"{refus}REDIS_URL désigne le serveur « {hote} », qui n’est pas cette machine."
        )


def cles_documents(graine: str) -> dict[str, bytes]:
    """Two known keys, so that rotation can be tried."""
    return {nom: f"{graine}-{nom}".ljust(32, "-")[:32].encode() for nom in ("k1", "k2")}
