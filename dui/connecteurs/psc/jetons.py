"""The ID token: who signed it, for whom, when, and in answer to which request."""

import time
from collections.abc import Callable
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from dui.connecteurs.psc.erreurs import Injoignable, JetonInvalide

# Asymmetric only: « none » proves nothing, and HS* would turn a public value into a key.
ALGORITHMES = [f"{famille}{taille}" for famille in ("RS", "PS", "ES") for taille in (256, 384, 512)]
TOLERANCE = 60  # seconds between two clocks
ENTRE_DEUX_LECTURES = 30  # seconds: an invented `kid` never makes us hammer the provider


class Trousseau:
    """The provider's public keys; read again when a token names a key that we do not know."""

    def __init__(self, lire: Callable[[], dict[str, Any]], horloge: Callable[[], float]):
        self._lire, self._horloge = lire, horloge
        self._cles: KeySet | None = None
        self._lu_le = 0.0

    def decoder(self, jeton: str) -> dict[str, Any]:
        try:
            return self._decoder(jeton)
        except InvalidKeyIdError:
            if self._horloge() - self._lu_le < ENTRE_DEUX_LECTURES:
                raise JetonInvalide("cle") from None
            self._cles = None
        except (JoseError, ValueError):
            raise JetonInvalide("signature") from None
        try:
            return self._decoder(jeton)
        except (JoseError, ValueError):
            raise JetonInvalide("cle") from None

    def _decoder(self, jeton: str) -> dict[str, Any]:
        lu = jwt.decode(jeton, self._trousse(), algorithms=ALGORITHMES)
        if str(lu.header.get("typ", "JWT")).upper() != "JWT":  # « at+jwt », « logout+jwt »
            raise JetonInvalide("typ")
        return dict(lu.claims)

    def _trousse(self) -> KeySet:
        if self._cles is None:
            self._lu_le = self._horloge()
            try:
                self._cles = KeySet.import_key_set(self._lire())  # type: ignore[arg-type]
            except (JoseError, KeyError, TypeError, ValueError):
                raise Injoignable("cles") from None
        return self._cles


def verifier(
    claims: dict[str, Any],
    *,
    emetteur: str,
    client: str,
    acr: str,
    nonce: str | None,
    horloge: Callable[[], float] = time.time,
) -> None:
    """Raise JetonInvalide with the name of the first claim that does not hold."""
    maintenant = horloge()
    destinataires = claims.get("aud")
    if isinstance(destinataires, str):
        destinataires = [destinataires]
    azp = claims.get("azp")
    sub = claims.get("sub")
    conditions = {
        "iss": claims.get("iss") == emetteur,
        "aud": isinstance(destinataires, list) and client in destinataires,
        "azp": azp == client or (azp is None and len(destinataires or ()) == 1),
        "exp": _nombre(claims, "exp") > maintenant - TOLERANCE,
        "iat": 0 < _nombre(claims, "iat") <= maintenant + TOLERANCE,
        "nbf": _nombre(claims, "nbf") <= maintenant + TOLERANCE,
        # An access or a refresh token of the same provider is no proof of who somebody is.
        "typ": claims.get("typ", "ID") == "ID",
        "sub": isinstance(sub, str) and 0 < len(sub) <= 255,
        "acr": claims.get("acr") == acr,
        "nonce": nonce is None or _egaux(claims.get("nonce"), nonce),
    }
    for motif, tenue in conditions.items():
        if not tenue:
            raise JetonInvalide(motif)


def verifier_age(claims: dict[str, Any], *, depuis: float, dater: bool) -> None:
    """A session left open at the provider answers in the name of whoever opened it: `auth_time`
    tells it from a person who has just proven who they are."""
    if claims.get("auth_time") is None and not dater:
        return
    if _nombre(claims, "auth_time") < depuis - TOLERANCE:
        raise JetonInvalide("auth_time")


def _nombre(claims: dict[str, Any], nom: str) -> float:
    valeur = claims.get(nom, 0)
    return valeur if isinstance(valeur, (int, float)) and not isinstance(valeur, bool) else 0


def _egaux(recu: object, attendu: str) -> bool:
    return isinstance(recu, str) and compare_digest(recu.encode(), attendu.encode())
