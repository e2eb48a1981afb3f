"""Read the configuration from the environment, and say in French what is missing or wrong.

A secret may come as `X` or, better, as `X_FILE`: the path of a file that holds it. No message ever
quotes its content; a file that everybody may read is told.
"""

import os
import stat
import warnings
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

OUI = {"1", "oui", "true", "yes", "on"}
DIFFERENTS = 12  # characters; 32 drawn at random practically never hold fewer
EXEMPLES = ("django-insecure", "changeme", "demonstration", "tests-")
NON = {"", "0", "non", "false", "no", "off"}


def envstr(nom: str, defaut: str | None = None) -> str:
    """Required where there is no default; an empty value counts as missing."""
    valeur = os.environ.get(nom, "").strip()
    if valeur:
        return valeur
    if defaut is None:
        raise ImproperlyConfigured(f"la variable d’environnement {nom} est obligatoire")
    return defaut


def envbool(nom: str, defaut: bool = False) -> bool:
    valeur = os.environ.get(nom)
    if valeur is None:
        return defaut
    if valeur.strip().lower() in OUI:
        return True
    if valeur.strip().lower() in NON:
        return False
    raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : « oui » ou « non » attendu")


def envint(nom: str, defaut: int) -> int:
    valeur = envstr(nom, str(defaut))
    try:
        return int(valeur)
    except ValueError:
        raise ImproperlyConfigured(f"{nom} vaut « {valeur} » : nombre entier attendu") from None


def envliste(nom: str, defaut: str | None = None) -> list[str]:
    return [mot for mot in (m.strip() for m in envstr(nom, defaut).split(",")) if mot]


def envfichier(nom: str) -> str:
    """The content of the file whose path is in `nom`."""
    chemin = envstr(nom)
    try:
        if stat.S_IMODE(Path(chemin).stat().st_mode) & 0o007:
            warnings.warn(
                f"{nom} : {chemin} est ouvert à tous les comptes de la machine (chmod 0640)",
                RuntimeWarning,
                stacklevel=2,
            )
        return Path(chemin).read_text(encoding="utf-8").strip()
    except OSError as e:
        raise ImproperlyConfigured(f"{nom} : {chemin} est illisible ({e.strerror})") from e


def envou(nom: str, defaut: str | None = None) -> str:
    """`nom_FILE` wins over `nom`: addresses that hold a password."""
    return envfichier(f"{nom}_FILE") if os.environ.get(f"{nom}_FILE") else envstr(nom, defaut)


def envsecret(nom: str, longueur_minimale: int = 32) -> str:
    """Too short or too plain a secret is refused. Never printed."""
    secret = envou(nom, "")
    if not secret:
        raise ImproperlyConfigured(f"le secret {nom} (ou {nom}_FILE) est obligatoire")
    if len(secret) < longueur_minimale:
        raise ImproperlyConfigured(
            f"le secret {nom} est trop court : {longueur_minimale} caractères au moins"
        )
    if len(set(secret)) < DIFFERENTS or secret.lower().startswith(EXEMPLES):
        raise ImproperlyConfigured(
            f"le secret {nom} est trop simple : tirez-le au hasard (docs/exploitation.md)"
        )
    return secret
