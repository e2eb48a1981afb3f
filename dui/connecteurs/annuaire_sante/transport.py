"""HTTP with the gateway: one origin, small answers, no redirect, the key in one header."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from dui.connecteurs.annuaire_sante.erreurs import (
    CleRefusee,
    DemandeRefusee,
    Injoignable,
    ReponseIllisible,
    TropDeDemandes,
)
from dui.connecteurs.reseau import autorites, boucle_locale

ENTETE_DE_CLE = "ESANTE-API-KEY"
TAILLE_MAX = 16 * 2**20
PROFONDEUR_MAX = 40
ATTENTE_PAR_DEFAUT, ATTENTE_MAX = 5.0, 3600.0


def origine(adresse: str) -> tuple[str, str, int]:
    try:
        lue = urlsplit(adresse)
        port = lue.port or {"https": 443, "http": 80}.get(lue.scheme, 0)
    except ValueError:
        raise ReponseIllisible("adresse") from None
    return lue.scheme, (lue.hostname or "").lower(), port


class Transport:
    """`demander` answers a JSON object or a typed error; never faster than `par_seconde`."""

    def __init__(
        self,
        base: str,
        cle: str,
        *,
        delai: float,
        par_seconde: float,
        horloge: Callable[[], float] = time.monotonic,
        dormir: Callable[[float], None] = time.sleep,
    ):
        self.base = base.rstrip("/")
        if not (base.startswith("https://") or boucle_locale(base)):
            raise Injoignable("adresse sans TLS")  # the key would travel in clear
        self._delai, self._ecart = delai, 1 / par_seconde
        self._horloge, self._dormir, self._dernier = horloge, dormir, float("-inf")
        self._http = httpx.Client(
            verify=autorites(),
            timeout=delai,
            follow_redirects=False,
            trust_env=not boucle_locale(base),  # a proxy serves the outside, never this machine
            headers={ENTETE_DE_CLE: cle, "Accept": "application/fhir+json"},
        )

    def fermer(self) -> None:
        self._http.close()

    def meme_origine(self, adresse: str) -> str:
        """A « next » link is only followed where the key was meant to go."""
        if origine(adresse) != origine(self.base):
            raise ReponseIllisible("suite vers une autre adresse")
        chemin = urlsplit(adresse).path
        if ".." in chemin or not chemin.startswith(f"{urlsplit(self.base).path}/"):
            raise ReponseIllisible("suite hors de l’API")
        return adresse

    def demander(self, adresse: str, parametres: list[tuple[str, str]] | None = None) -> dict:
        self._attendre_son_tour()
        limite = time.monotonic() + 2 * self._delai  # httpx counts each exchange, not the whole
        try:
            suite = tuple(parametres) if parametres else None
            with self._http.stream("GET", adresse, params=suite) as reponse:
                if reponse.status_code != 200:
                    raise _erreur(reponse)
                return _lire(_corps(reponse, limite))
        except (httpx.HTTPError, httpx.InvalidURL) as erreur:
            raise Injoignable(type(erreur).__name__) from None

    def _attendre_son_tour(self) -> None:
        attente = self._dernier + self._ecart - self._horloge()
        if attente > 0:
            self._dormir(attente)
        self._dernier = self._horloge()


def _erreur(reponse: httpx.Response) -> Exception:
    statut = reponse.status_code
    if statut == 429:
        return TropDeDemandes(_attente(reponse.headers.get("Retry-After", "")))
    if statut in (401, 403):
        return CleRefusee(f"clé refusée ({statut})")
    if 400 <= statut < 500:
        return DemandeRefusee(f"demande refusée ({statut})")
    return Injoignable(f"statut {statut}")


def _attente(entete: str) -> float:
    """Seconds, or a date; bounded either way."""
    if entete.isascii() and entete.isdigit():
        return min(float(entete[:6]), ATTENTE_MAX)
    try:
        quand = parsedate_to_datetime(entete)
    except (TypeError, ValueError):
        return ATTENTE_PAR_DEFAUT
    quand = quand if quand.tzinfo else quand.replace(tzinfo=UTC)
    return min(max((quand - datetime.now(UTC)).total_seconds(), 0.0), ATTENTE_MAX)


def _corps(reponse: httpx.Response, limite: float) -> bytes:
    """Counted once unzipped: a small answer may hold a large one."""
    recu = bytearray()
    for morceau in reponse.iter_bytes():
        recu += morceau
        if len(recu) > TAILLE_MAX:
            raise ReponseIllisible("réponse trop longue")
        if time.monotonic() > limite:
            raise Injoignable("réponse trop lente")
    return bytes(recu)


def _lire(corps: bytes) -> dict[str, Any]:
    try:
        lu = json.loads(corps)
    except (ValueError, RecursionError):
        raise ReponseIllisible("réponse qui n’est pas du JSON") from None
    if not isinstance(lu, dict):
        raise ReponseIllisible("réponse d’une autre forme")
    if _trop_profond(lu):
        raise ReponseIllisible("réponse trop profonde")
    return lu


def _trop_profond(racine: Any) -> bool:
    niveau = [racine]
    for _ in range(PROFONDEUR_MAX):
        niveau = [
            fils
            for noeud in niveau
            if isinstance(noeud, (dict, list))
            for fils in (noeud.values() if isinstance(noeud, dict) else noeud)
            if isinstance(fils, (dict, list))
        ]
        if not niveau:
            return False
    return True
