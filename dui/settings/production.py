"""Production: every secret and every address comes from the environment, or the start fails."""

import json
from base64 import b64decode

from django.core.exceptions import ImproperlyConfigured

from dui.environnement import envbool, envfichier, envint, envliste, envou, envsecret
from dui.settings.base import *

SECRET_KEY = envsecret("DUI_CLE_SECRETE", 50)
SECRET_KEY_FALLBACKS = envou("DUI_CLES_SECRETES_PRECEDENTES", "").replace(",", " ").split()
ALLOWED_HOSTS = envliste("DUI_HOTES")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("DUI_HOTES : nommez les hôtes, « * » est refusé")
DATABASES = {"default": base_de_donnees(envou("DATABASE_URL"), reserve=PROCESSUS == "web")}
CELERY_BROKER_URL = DEBITS_URL = envou("REDIS_URL")


def lire_cles(texte: str) -> tuple[str, dict[str, bytes]]:
    """`{"courante": "2026-11", "cles": {"2026-11": "<32 bytes in base64>", …}}`"""
    try:
        lu = json.loads(texte)
        cles = {nom: b64decode(cle, validate=True) for nom, cle in lu["cles"].items()}
        courante = lu["courante"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ImproperlyConfigured(
            "DUI_CLES_DOCUMENTS_FILE : JSON attendu, avec « courante » et « cles »"
        ) from None
    if courante not in cles or any(len(cle) != 32 for cle in cles.values()):
        raise ImproperlyConfigured(
            "DUI_CLES_DOCUMENTS_FILE : clés de 32 octets, dont celle que nomme « courante »"
        )
    return courante, cles


CLE_DOCUMENTS_COURANTE, CLES_DOCUMENTS = lire_cles(envfichier("DUI_CLES_DOCUMENTS_FILE"))
CLE_JOURNAL = envsecret("DUI_CLE_JOURNAL").encode()

SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
COOKIE_POSTE = "__Host-poste"
WEBAUTHN_DOMAINE = envstr("DUI_WEBAUTHN_DOMAINE", ALLOWED_HOSTS[0].lstrip("."))
LIEU_COOKIE_NAME = "__Host-lieu"
SECURE_SSL_REDIRECT = envbool("DUI_REDIRIGER_HTTPS", True)
SECURE_HSTS_SECONDS = envint("DUI_HSTS_SECONDES", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = envbool("DUI_HSTS_SOUS_DOMAINES", True)
if envbool("DUI_MANDATAIRE", False):
    # Only behind a reverse proxy that always sets these two headers itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    MIDDLEWARE = ["dui.coque.middleware.AdresseDuPoste", *MIDDLEWARE]
