"""HTTP under mutual TLS: short delays, a limit on the whole exchange, small answers, no redirect.

Each way to fail has its own code; what was received before the failure is kept."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.x509.oid import NameOID

from dui.connecteurs.insi.erreurs import AppelInterdit, EchecDeTransport, ReponseRefusee
from dui.connecteurs.lecture_xml import TAILLE_MAX
from dui.connecteurs.reseau import boucle_locale


@dataclass(frozen=True)
class Acces:
    """`certificat`, `cle`: PEM files of the certificate of organisation (CN INSI-AUTO or
    INSI-MANU). `autorites`: PEM file of the authorities that sign the server; those of the IGC
    Santé are in no public store. Delays in seconds; `total` covers one whole operation."""

    url: str
    certificat: Path
    cle: Path
    autorites: Path | None = None
    mot_de_passe: str = field(default="", repr=False)
    connexion: float = 5
    lecture: float = 10
    total: float = 20


@dataclass(frozen=True)
class Recu:
    statut: int = 0
    corps: bytes = b""


class Transport:
    def __init__(self, acces: Acces):
        self.acces = acces

    # ------------------------------------------------------------ certificate

    @cached_property
    def certificat(self) -> x509.Certificate:
        try:
            lus = x509.load_pem_x509_certificates(self.acces.certificat.read_bytes())
        except (OSError, ValueError):
            raise AppelInterdit("certificat_illisible") from None
        return lus[0]

    @property
    def nom_du_certificat(self) -> str:
        return _attribut(self.certificat, NameOID.COMMON_NAME)

    @property
    def unite_du_certificat(self) -> str:
        """The emitter of the contexts."""
        return _attribut(self.certificat, NameOID.ORGANIZATIONAL_UNIT_NAME)

    def verifier_le_certificat(self) -> None:
        maintenant = datetime.now(UTC)
        valable = self.certificat.not_valid_before_utc <= maintenant
        if not valable or maintenant >= self.certificat.not_valid_after_utc:
            raise AppelInterdit("certificat_expire")

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        autorites = str(self.acces.autorites) if self.acces.autorites else None
        try:
            contexte = ssl.create_default_context(cafile=autorites)
            contexte.minimum_version = ssl.TLSVersion.TLSv1_2
            # Always a password, or OpenSSL would ask for one on the terminal.
            contexte.load_cert_chain(
                self.acces.certificat, self.acces.cle, password=self.acces.mot_de_passe
            )
        except (OSError, ValueError):
            raise AppelInterdit("certificat_illisible") from None
        return contexte

    # ------------------------------------------------------------ exchange

    @contextmanager
    def ouvrir(self) -> Iterator["Liaison"]:
        """One connection for the calls of one operation."""
        if urlsplit(self.acces.url).scheme != "https":
            raise AppelInterdit("adresse_en_clair")
        self.verifier_le_certificat()
        with httpx.Client(
            verify=self._tls,
            timeout=httpx.Timeout(self.acces.lecture, connect=self.acces.connexion),
            follow_redirects=False,
            trust_env=not boucle_locale(self.acces.url),
        ) as http:
            yield Liaison(http, self.acces)


class Liaison:
    def __init__(self, http: httpx.Client, acces: Acces):
        self._http, self._url = http, acces.url
        self._limite = time.monotonic() + acces.total
        self._prise: socket.socket | None = None
        self._passee = False
        self.recu = Recu()  # of the last call, even when it failed half-way

    def poster(self, corps: bytes, action: str) -> None:
        """httpx limits each read, not their sum: past the limit, the socket is shut under it."""
        self.recu = Recu()
        couperet = threading.Timer(max(self._limite - time.monotonic(), 0), self._couper)
        couperet.daemon = True
        couperet.start()
        try:
            self._poster(corps, action)
            if self._passee:
                raise httpx.ReadTimeout("limite")
        except (httpx.HTTPError, httpx.InvalidURL) as erreur:
            motif = "silence" if self._passee else _motif(erreur)
            raise EchecDeTransport(motif, type(erreur).__name__) from None
        finally:
            couperet.cancel()

    def _poster(self, corps: bytes, action: str) -> None:
        entetes = {
            "Content-Type": f'application/soap+xml; charset=utf-8; action="{action}"',
            "Accept": "application/soap+xml",
            "Accept-Encoding": "identity",  # a small answer must not grow once received
        }
        with self._http.stream(
            "POST",
            self._url,
            content=corps,
            headers=entetes,
            extensions={"trace": self._observer},
        ) as reponse:
            self.recu = Recu(reponse.status_code)
            for morceau in reponse.iter_raw():
                self.recu = Recu(reponse.status_code, self.recu.corps + morceau)
                if len(self.recu.corps) > TAILLE_MAX:
                    raise ReponseRefusee("taille")

    def _observer(self, evenement: str, details: dict[str, Any]) -> None:
        if evenement.endswith(".start_tls.complete"):
            self._prise = details["return_value"].get_extra_info("socket")
            if self._passee:  # during the handshake, when there was no socket to shut yet
                self._couper()

    def _couper(self) -> None:
        self._passee = True
        if self._prise is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._prise, socket.SHUT_RDWR)


def _motif(erreur: Exception) -> str:
    if isinstance(erreur, httpx.TimeoutException):
        return "silence"
    tls = _cause_tls(erreur)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return "certificat_serveur"
    if tls is not None and "ALERT" in (tls.reason or "") and "INTERNAL" not in (tls.reason or ""):
        return "certificat_client"
    return "injoignable" if isinstance(erreur, httpx.ConnectError | httpx.InvalidURL) else "coupure"


def _cause_tls(erreur: BaseException | None) -> ssl.SSLError | None:
    while erreur is not None:
        if isinstance(erreur, ssl.SSLError):
            return erreur
        erreur = erreur.__cause__ or erreur.__context__
    return None


def _attribut(certificat: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    trouves = certificat.subject.get_attributes_for_oid(oid)
    return str(trouves[0].value) if trouves else ""
