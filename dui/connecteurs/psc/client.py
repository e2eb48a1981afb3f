"""One provider, one client: authorisation code with PKCE, refresh, logout, CIBA."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from dui.connecteurs.psc.erreurs import (
    EnAttente,
    Injoignable,
    JetonInvalide,
    PlusLentement,
    Refus,
)
from dui.connecteurs.psc.identite import Identite, lire
from dui.connecteurs.psc.jetons import Trousseau, verifier, verifier_age
from dui.connecteurs.psc.transport import Transport, sure

PORTEE, ACR = "openid scope_all", "eidas1"
CIBA = "urn:openid:params:grant-type:ciba"
CLAIM_CIBA = "urn:openid:params:jwt:claim:auth_req_id"
DUREE_DECOUVERTE = 3600


@dataclass(frozen=True)
class Reglages:
    """`decouverte`: the full address; Pro Santé Connect does not use the usual name."""

    decouverte: str
    client: str
    secret: str = field(repr=False)
    delai: float = 5.0


@dataclass(frozen=True)
class Jetons:
    acces: str = field(repr=False)
    identite: str = field(repr=False)
    renouvellement: str = field(repr=False)
    duree: int = 0


@dataclass(frozen=True)
class DemandeCIBA:
    identifiant: str = field(repr=False)
    duree: int = 120
    intervalle: int = 5


def defi(verificateur: str) -> str:
    """PKCE, S256."""
    return urlsafe_b64encode(sha256(verificateur.encode()).digest()).rstrip(b"=").decode()


class Client:
    def __init__(self, reglages: Reglages, *, horloge: Callable[[], float] = time.time):
        self.reglages, self._horloge = reglages, horloge
        self._http = Transport(reglages.client, reglages.secret, reglages.delai)
        self._document: dict[str, Any] = {}
        self._lu_le = 0.0
        self._cles = Trousseau(lambda: self._http.lire(self._adresse("jwks_uri")), horloge)

    # ------------------------------------------------------------ discovery

    def _decouverte(self) -> dict[str, Any]:
        if not self._document or self._horloge() - self._lu_le > DUREE_DECOUVERTE:
            try:
                document = self._http.lire(self.reglages.decouverte)
            except Refus as refus:
                raise Injoignable(refus.code) from None
            # The document speaks for the issuer under which it was found, and for no other.
            emetteur = document.get("issuer")
            if not isinstance(emetteur, str) or not self.reglages.decouverte.startswith(
                f"{emetteur.rstrip('/')}/.well-known/"
            ):
                raise Injoignable("issuer")
            self._document, self._lu_le = document, self._horloge()
        return self._document

    def _adresse(self, nom: str) -> str:
        return sure(self._decouverte().get(nom))

    @property
    def emetteur(self) -> str:
        return str(self._decouverte()["issuer"])

    # ------------------------------------------------------------ code flow

    def adresse_d_autorisation(
        self, *, retour: str, etat: str, nonce: str, verificateur: str
    ) -> str:
        parametres = {
            "response_type": "code",
            "client_id": self.reglages.client,
            "redirect_uri": retour,
            "scope": PORTEE,
            "acr_values": ACR,
            # A shared workstation: the session of who was there before proves nothing.
            "prompt": "login",
            "max_age": "0",
            "state": etat,
            "nonce": nonce,
            "code_challenge": defi(verificateur),
            "code_challenge_method": "S256",
        }
        return f"{self._adresse('authorization_endpoint')}?{urlencode(parametres)}"

    def echanger(self, code: str, *, retour: str, verificateur: str) -> Jetons:
        return self._jetons(
            grant_type="authorization_code",
            code=code,
            redirect_uri=retour,
            code_verifier=verificateur,
        )

    def identifier(
        self,
        jetons: Jetons,
        *,
        nonce: str | None,
        demande: str = "",
        depuis: float = 0,
        dater: bool = False,
    ) -> Identite:
        """Who the tokens are about: the ID token is checked, then userinfo must agree with it.

        `depuis`: proven no earlier than that; `dater`: and the token must say when.
        """
        claims = self._verifier(jetons.identite, nonce)
        verifier_age(claims, depuis=depuis, dater=dater)
        if demande and not compare_digest(str(claims.get(CLAIM_CIBA, demande)), demande):
            raise JetonInvalide("auth_req_id")
        identite = lire(self._http.lire(self._adresse("userinfo_endpoint"), porteur=jetons.acces))
        if identite.sub != claims["sub"]:
            raise JetonInvalide("userinfo")
        return identite

    def _verifier(self, jeton: str, nonce: str | None) -> dict[str, Any]:
        claims = self._cles.decoder(jeton)
        verifier(
            claims,
            emetteur=self.emetteur,
            client=self.reglages.client,
            acr=ACR,
            nonce=nonce,
            horloge=self._horloge,
        )
        return claims

    # ------------------------------------------------------------ life of the session

    def renouveler(self, jetons: Jetons, *, sub: str) -> Jetons:
        """Refus when the session of the provider has ended. A new ID token must be of `sub`."""
        neufs = self._jetons(
            grant_type="refresh_token", refresh_token=jetons.renouvellement, ancien=jetons
        )
        if neufs.identite != jetons.identite and self._verifier(neufs.identite, None)["sub"] != sub:
            raise JetonInvalide("sub")
        return neufs

    def adresse_de_fin(self, jeton_identite: str, *, retour: str, etat: str) -> str:
        parametres = {
            "id_token_hint": jeton_identite,
            "post_logout_redirect_uri": retour,
            "state": etat,
        }
        return f"{self._adresse('end_session_endpoint')}?{urlencode(parametres)}"

    # ------------------------------------------------------------ e-CPS on another device

    def demander_ciba(self, *, identifiant_national: str, message: str) -> DemandeCIBA:
        champs = {
            "scope": PORTEE,
            "acr_values": ACR,
            "login_hint": identifiant_national,
            "binding_message": message,
        }
        lu = self._http.poster(self._adresse("backchannel_authentication_endpoint"), champs)
        identifiant = lu.get("auth_req_id")
        if not isinstance(identifiant, str) or not 0 < len(identifiant) <= 500:
            raise Injoignable("ciba")
        return DemandeCIBA(
            identifiant, _entier(lu, "expires_in", 120, 600), _entier(lu, "interval", 5, 60)
        )

    def relever_ciba(self, identifiant: str) -> Jetons:
        """EnAttente or PlusLentement as long as the person has not answered."""
        try:
            return self._jetons(grant_type=CIBA, auth_req_id=identifiant)
        except Refus as refus:
            attentes = {"authorization_pending": EnAttente, "slow_down": PlusLentement}
            raise attentes.get(refus.code, Refus)(refus.code) from None

    def _jetons(self, *, ancien: Jetons | None = None, **champs: str) -> Jetons:
        lu = self._http.poster(self._adresse("token_endpoint"), champs)
        acces, identite, suite = (
            lu.get(nom) for nom in ("access_token", "id_token", "refresh_token")
        )
        if ancien:  # a refresh may leave the former ones in force
            identite, suite = identite or ancien.identite, suite or ancien.renouvellement
        if not isinstance(acces, str) or not isinstance(identite, str):
            raise JetonInvalide("reponse")
        return Jetons(
            acces, identite, suite if isinstance(suite, str) else "", _entier(lu, "expires_in", 0)
        )


def _entier(lu: dict[str, Any], nom: str, defaut: int, au_plus: int = 86_400) -> int:
    valeur = lu.get(nom)
    juste = isinstance(valeur, int) and not isinstance(valeur, bool) and valeur > 0
    return min(int(valeur), au_plus) if juste and valeur is not None else defaut
