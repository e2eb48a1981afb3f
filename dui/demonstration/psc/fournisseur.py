"""What the provider knows and answers, apart from HTTP. It can be told to misbehave."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeyParameters, KeySet, RSAKey

from dui.connecteurs.psc import defi
from dui.connecteurs.psc.client import ACR, CIBA, CLAIM_CIBA

ROYAUME = "/auth/realms/esante-wallet"
PROTOCOLE = f"{ROYAUME}/protocol/openid-connect"
DUREE_CODE, DUREE_ACCES, DUREE_CIBA = 60, 120, 120


class Erreur(Exception):
    """An OAuth error."""

    def __init__(self, code: str, statut: int = 400):
        super().__init__(code)
        self.code, self.statut = code, statut


@dataclass
class Travers:
    """How it misbehaves, for the tests: claims that it alters, another way to sign, silence."""

    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    signer: Callable[[dict], str] | None = None
    statut: int = 0


@dataclass
class Demande:
    """An authorisation that waits for the person, then for its code to be exchanged."""

    parametres: dict[str, str]
    qui: str = ""
    recue_le: float = field(default_factory=time.time)


@dataclass
class DemandeCIBA:
    qui: str
    message: str
    recue_le: float = field(default_factory=time.time)
    relevee_le: float = 0.0
    reponse: str = ""


class Fournisseur:
    def __init__(self, *, client: str, secret: str, retours: set[str], sorties: set[str]):
        self.client, self.secret = client, secret
        self.retours, self.sorties = retours, sorties
        self.professionnels: dict[str, dict] = {}
        self.racine = ""
        self.intervalle = 2
        self.travers = Travers()
        self.cles: list[RSAKey] = []
        self.demandes: dict[str, Demande] = {}
        self.codes: dict[str, Demande] = {}
        self.ciba: dict[str, DemandeCIBA] = {}
        self.sessions: dict[str, str] = {}  # {sid: who}
        self.acces: dict[str, str] = {}
        self.renouvellements: dict[str, str] = {}
        self.tourner_les_cles()

    @property
    def emetteur(self) -> str:
        return f"{self.racine}{ROYAUME}"

    @property
    def decouverte(self) -> str:
        return f"{self.emetteur}/.well-known/wallet-openid-configuration"

    def connaitre(self, professionnels: list[dict]) -> None:
        self.professionnels = {p["SubjectNameID"]: p for p in professionnels}

    def tourner_les_cles(self) -> None:
        """A new key signs; the former ones are no longer published."""
        parametres: KeyParameters = {"use": "sig", "alg": "RS256", "kid": secrets.token_hex(8)}
        self.cles = [RSAKey.generate_key(2048, parametres)]

    def document(self) -> dict:
        protocole = f"{self.racine}{PROTOCOLE}"
        return {
            "issuer": self.emetteur,
            "authorization_endpoint": f"{self.racine}/auth",
            "token_endpoint": f"{protocole}/token",
            "userinfo_endpoint": f"{protocole}/userinfo",
            "end_session_endpoint": f"{protocole}/logout",
            "jwks_uri": f"{protocole}/certs",
            "backchannel_authentication_endpoint": f"{protocole}/ext/ciba/auth",
            "grant_types_supported": ["authorization_code", "refresh_token", CIBA],
            "acr_values_supported": [ACR],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def certificats(self) -> dict:
        return dict(KeySet(list(self.cles)).as_dict(private=False))

    # ------------------------------------------------------------ code flow

    def recevoir(self, p: dict[str, str]) -> str:
        """Check an authorisation request before anything is shown."""
        if p.get("client_id") != self.client or p.get("redirect_uri") not in self.retours:
            raise Erreur("invalid_request")
        attendus = {"response_type": "code", "code_challenge_method": "S256", "acr_values": ACR}
        attendus["prompt"] = "login"
        if any(p.get(nom) != valeur for nom, valeur in attendus.items()):
            raise Erreur("invalid_request")
        if not {"openid", "scope_all"} <= set(p.get("scope", "").split()):
            raise Erreur("invalid_scope")
        if not (p.get("state") and p.get("nonce") and p.get("code_challenge")):
            raise Erreur("invalid_request")
        demande = secrets.token_urlsafe(16)
        self.demandes[demande] = Demande(p)
        return demande

    def repondre(self, demande: str, qui: str) -> str:
        """The address to go back to: with a code, or with the refusal of the person."""
        attente = self.demandes.pop(demande, None)
        if attente is None or (qui and qui not in self.professionnels):
            raise Erreur("invalid_request")
        retour = {"state": attente.parametres["state"], "iss": self.emetteur}
        if qui:
            code = secrets.token_urlsafe(24)
            self.codes[code] = Demande(attente.parametres, qui)
            retour["code"] = code
        else:
            retour["error"] = "access_denied"
        return f"{attente.parametres['redirect_uri']}?{urlencode(retour)}"

    def jetons(self, client: str, secret: str, champs: dict[str, str]) -> dict:
        self._authentifier(client, secret)
        genres = {
            "authorization_code": self._par_code,
            "refresh_token": self._par_renouvellement,
            CIBA: self._par_ciba,
        }
        genre = genres.get(champs.get("grant_type", ""))
        if genre is None:
            raise Erreur("unsupported_grant_type")
        return genre(champs)

    def _par_code(self, champs):
        demande = self.codes.pop(champs.get("code", ""), None)  # once
        if demande is None or time.time() - demande.recue_le > DUREE_CODE:
            raise Erreur("invalid_grant")
        p = demande.parametres
        juste = champs.get("redirect_uri") == p["redirect_uri"] and compare_digest(
            defi(champs.get("code_verifier", "")), p["code_challenge"]
        )
        if not juste:
            raise Erreur("invalid_grant")
        return self._delivrer(demande.qui, nonce=p["nonce"], auth_time=int(demande.recue_le))

    def _par_renouvellement(self, champs):
        """Each refresh token serves once."""
        sid = self.renouvellements.pop(champs.get("refresh_token", ""), "")
        if sid not in self.sessions:
            raise Erreur("invalid_grant")
        return self._delivrer(self.sessions[sid], sid=sid)

    def _authentifier(self, client, secret):
        if client != self.client or not compare_digest(secret.encode(), self.secret.encode()):
            raise Erreur("invalid_client", 401)

    def _delivrer(self, qui, *, sid="", **claims) -> dict:
        sid = sid or secrets.token_urlsafe(12)
        self.sessions[sid] = qui
        acces, renouvellement = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.acces[acces] = self.renouvellements[renouvellement] = sid
        maintenant = int(time.time())
        claims |= {
            "iss": self.emetteur,
            "sub": self.professionnels[qui]["sub"],
            "aud": self.client,
            "azp": self.client,
            "iat": maintenant,
            "exp": maintenant + DUREE_ACCES,
            "acr": ACR,
            "sid": sid,
        }
        return {
            "access_token": acces,
            "refresh_token": renouvellement,
            "id_token": (self.travers.signer or self.signer)(claims | self.travers.claims),
            "token_type": "Bearer",
            "expires_in": DUREE_ACCES,
        }

    def signer(self, claims: dict) -> str:
        cle = self.cles[0]
        return jwt.encode({"alg": "RS256", "kid": cle.kid}, claims, cle)

    def userinfo(self, acces: str) -> dict:
        qui = self.sessions.get(self.acces.get(acces, ""))
        if qui is None:
            raise Erreur("invalid_token", 401)
        return self.professionnels[qui] | self.travers.userinfo

    # ------------------------------------------------------------ end

    def sortir(self, p: dict[str, str]) -> str:
        """Close the session that the ID token names; the address to go back to, or nothing."""
        try:
            jeton = jwt.decode(p.get("id_token_hint", ""), KeySet(list(self.cles)))
        except (JoseError, ValueError):
            raise Erreur("invalid_request") from None
        self.sessions.pop(jeton.claims.get("sid", ""), None)
        retour = p.get("post_logout_redirect_uri", "")
        if retour not in self.sorties:
            return ""
        return f"{retour}?{urlencode({'state': p.get('state', '')})}"

    def terminer(self, qui: str) -> None:
        """The person signs out elsewhere."""
        self.sessions = {sid: autre for sid, autre in self.sessions.items() if autre != qui}

    # ------------------------------------------------------------ e-CPS on another device

    def demander_ciba(self, client: str, secret: str, champs: dict[str, str]) -> dict:
        self._authentifier(client, secret)
        qui = champs.get("login_hint", "")
        if qui not in self.professionnels:
            raise Erreur("unknown_user_id")
        if not champs.get("binding_message"):
            raise Erreur("invalid_binding_message")
        demande = secrets.token_urlsafe(16)
        self.ciba[demande] = DemandeCIBA(qui, champs["binding_message"])
        return {
            "auth_req_id": demande,
            "expires_in": DUREE_CIBA,
            "interval": self.intervalle,
        }

    def en_attente(self) -> list[tuple[str, str, str]]:
        return [
            (cle, d.message, self.professionnels[d.qui]["family_name"])
            for cle, d in self.ciba.items()
            if not d.reponse and time.time() - d.recue_le < DUREE_CIBA
        ]

    def repondre_ciba(self, demande: str, reponse: str) -> None:
        if demande not in self.ciba:
            raise Erreur("invalid_request")
        self.ciba[demande].reponse = reponse

    def _par_ciba(self, champs):
        cle = champs.get("auth_req_id", "")
        demande = self.ciba.get(cle)
        if demande is None:
            raise Erreur("invalid_grant")
        maintenant, precedente = time.time(), demande.relevee_le
        demande.relevee_le = maintenant
        if maintenant - demande.recue_le > DUREE_CIBA:
            raise Erreur("expired_token")
        if demande.reponse == "non":
            raise Erreur("access_denied")
        if demande.reponse == "oui":
            del self.ciba[cle]
            return self._delivrer(demande.qui, **{CLAIM_CIBA: cle})
        raise Erreur(
            "slow_down" if maintenant - precedente < self.intervalle else "authorization_pending"
        )
