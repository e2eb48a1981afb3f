"""HTTP with the provider: short delays, small answers, no redirect, nothing in clear."""

import json
import time
from typing import Any
from urllib.parse import quote_plus

import httpx

from dui.connecteurs.psc.erreurs import Injoignable, Refus
from dui.connecteurs.reseau import autorites, boucle_locale

TAILLE_MAX = 256 * 1024


def sure(adresse: object) -> str:
    """An address one may send a secret to: TLS, or this very machine (demo, tests)."""
    if isinstance(adresse, str):
        locale = adresse.startswith("http://") and boucle_locale(adresse)
        if locale or adresse.startswith("https://"):
            return adresse
    raise Injoignable("adresse")


class Transport:
    def __init__(self, client: str, secret: str, delai: float):
        # RFC 6749 § 2.3.1: both halves are form-encoded before the Basic scheme.
        self._identite = httpx.BasicAuth(quote_plus(client), quote_plus(secret))
        self._delai = delai

    def lire(self, adresse: str, *, porteur: str = "") -> dict[str, Any]:
        entetes = {"Authorization": f"Bearer {porteur}"} if porteur else {}
        return self._demander("GET", adresse, headers=entetes)

    def poster(self, adresse: str, champs: dict[str, str]) -> dict[str, Any]:
        """With the client's own credentials (client_secret_basic)."""
        return self._demander("POST", adresse, data=champs, auth=self._identite)

    def _demander(self, methode: str, adresse: str, **options: Any) -> dict[str, Any]:
        limite = time.monotonic() + 2 * self._delai  # httpx counts each exchange, not the whole
        # A proxy of the environment serves the outside, never this machine.
        ouverture = httpx.Client(
            verify=autorites(),
            timeout=self._delai,
            follow_redirects=False,
            trust_env=not boucle_locale(sure(adresse)),
        )
        try:
            with ouverture as http, http.stream(methode, adresse, **options) as reponse:
                return _comprendre(reponse.status_code, _corps(reponse, limite))
        except (httpx.HTTPError, httpx.InvalidURL) as erreur:
            raise Injoignable(type(erreur).__name__) from None


def _corps(reponse: httpx.Response, limite: float) -> bytes:
    recu = b""
    for morceau in reponse.iter_bytes():
        recu += morceau
        if len(recu) > TAILLE_MAX or time.monotonic() > limite:
            raise Injoignable("taille")
    return recu


def _comprendre(statut: int, corps: bytes) -> dict[str, Any]:
    try:
        lu = json.loads(corps)
    except ValueError:
        lu = None
    if statut == 200 and isinstance(lu, dict):
        return lu
    if statut in (400, 401, 403):
        code = lu.get("error") if isinstance(lu, dict) else None
        raise Refus(str(code or statut)[:60])
    raise Injoignable(str(statut))
