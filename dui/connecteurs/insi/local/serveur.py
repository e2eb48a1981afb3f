"""The socket: mutual TLS, one POST, the same checks as the real service, and its failures."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dui.connecteurs.insi import validation
from dui.connecteurs.insi.local import annuaire
from dui.connecteurs.insi.local.autorite import Autorite, Paire
from dui.connecteurs.insi.messages import ACTION
from dui.connecteurs.lecture_xml import TAILLE_MAX, XMLRefuse, lire_xml, nom_local

NOMS_ADMIS = ("INSI-AUTO", "INSI-MANU")
IDAM = "ESSAI00001"
OPERATIONS = {
    "RECSANSVITALE": "rechercherInsAvecTraitsIdentite",
    "RECVITALE": "rechercherInsAvecCarteVitale",
    "REQUETE": "verifierInsAvecTraitsIdentite",
}


@dataclass
class Travers:
    """What a test asks for, whoever is looked for. `corps`: sent as it is, with `statut`. `apres`:
    the effect begins after that many requests."""

    effet: str = ""
    apres: int = 0
    corps: bytes | None = None
    statut: int = 200
    silence: float = 20


@dataclass(frozen=True)
class Recue:
    """A request, as the server understood it."""

    operation: str
    certificat: str
    corps: Any = field(repr=False)
    octets: bytes = field(repr=False)


class Faute(Exception):
    def __init__(self, nom: str):
        super().__init__(nom)
        self.nom = nom


class Guichet(BaseHTTPRequestHandler):
    server: "Serveur"
    protocol_version = "HTTP/1.1"
    timeout = 30

    def log_message(self, *args: Any) -> None:
        """Silent: addresses and errors are nobody's business."""

    def do_POST(self) -> None:
        longueur = int(self.headers.get("Content-Length") or 0)
        octets = self.rfile.read(min(longueur, TAILLE_MAX))
        try:
            recue = self._comprendre(octets)
            self.server.noter(recue)
            self._repondre_a(recue)
        except Faute as faute:
            self._rendre(annuaire.faute(faute.nom), 500)

    # ------------------------------------------------------------ request

    def _comprendre(self, octets: bytes) -> Recue:
        try:
            racine = lire_xml(octets)
        except XMLRefuse:
            raise Faute("requete_invalide") from None
        parties = [e for bloc in racine for e in bloc]
        if not all(validation.conforme(partie) for partie in parties):
            raise Faute("requete_invalide")
        corps = parties[-1]
        operation = OPERATIONS.get(nom_local(corps), "")
        if _texte(racine, "Action") != ACTION + operation:
            raise Faute("requete_invalide")
        if _texte(racine, "IDAM") != IDAM:
            raise Faute("logiciel_inconnu")
        if self._certificat() not in NOMS_ADMIS:
            raise Faute("certificat_refuse")
        return Recue(operation, self._certificat(), corps, octets)

    def _certificat(self) -> str:
        prise: Any = self.connection
        sujet = dict(rdn[0] for rdn in prise.getpeercert()["subject"])
        return str(sujet.get("commonName", ""))

    # ------------------------------------------------------------ answer

    def _repondre_a(self, recue: Recue) -> None:
        travers = self.server.travers
        if travers.corps is not None:
            self._rendre(travers.corps, travers.statut)
            return
        commence = len(self.server.recues) > travers.apres
        effet = (travers.effet if commence else "") or annuaire.effet_de(
            _texte(recue.corps, "NomNaissance")
        )
        if effet in annuaire.FAUTES:
            raise Faute(effet)
        if effet:
            EFFETS[effet](self, _repondre(recue))
        else:
            self._rendre(_repondre(recue))

    def _rendre(self, corps: bytes, statut: int = 200) -> None:
        self.send_response(statut)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        with suppress(OSError):  # the client has had enough
            self.wfile.write(corps)


def _repondre(recue: Recue) -> bytes:
    corps = recue.corps
    naissance, nom = _texte(corps, "DateNaissance"), _texte(corps, "NomNaissance")
    sexe, lieu = _texte(corps, "Sexe"), _texte(corps, "LieuNaissance")
    numeros = [e.text or "" for e in corps.iter() if nom_local(e) == "NumIdentifiant"]
    if recue.operation == OPERATIONS["RECVITALE"]:
        return annuaire.rendre(annuaire.par_numero(numeros, naissance))
    if recue.operation == OPERATIONS["RECSANSVITALE"]:
        prenom = _texte(corps, "Prenom")
        return annuaire.rendre(annuaire.par_traits(nom, prenom, sexe, naissance, lieu))
    trouves = annuaire.par_traits(nom, _texte(corps, "ListePrenom"), sexe, naissance, lieu)
    donne = (numeros[0], _texte(corps, "Cle"), _texte(corps, "OID"))
    return annuaire.rendre_verification(annuaire.confirme(donne, trouves))


def _texte(parent: Any, nom: str) -> str:
    return next((e.text or "" for e in parent.iter() if nom_local(e) == nom), "")


# ------------------------------------------------------------ failures


def _silence(guichet: Guichet, _: bytes) -> None:
    guichet.server.ferme.wait(guichet.server.travers.silence)
    guichet.close_connection = True


def _goutte_a_goutte(guichet: Guichet, _: bytes) -> None:
    """Each byte in time, the whole never."""
    fin = time.monotonic() + guichet.server.travers.silence
    with suppress(OSError):
        guichet.wfile.write(b"HTTP/1.1 200 OK\r\nX-Lent: ")
        while not guichet.server.ferme.wait(0.05) and time.monotonic() < fin:
            guichet.wfile.write(b".")
    guichet.close_connection = True


def _coupure(guichet: Guichet, corps: bytes) -> None:
    guichet.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + corps[:100])
    guichet.close_connection = True


def _entites(guichet: Guichet, corps: bytes) -> None:
    bombe = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    for lettre, precedente in zip(b"bcdefgh", b"abcdefg", strict=True):
        bombe += b'<!ENTITY %c "%s">' % (lettre, b"&%c;" % precedente * 10)
    debut, fin = corps.split(b"?>", 1)
    guichet._rendre(debut + b"?>" + bombe + b"]>" + fin.replace(b"</CodeCR>", b"&h;</CodeCR>"))


def _tronque(guichet: Guichet, corps: bytes) -> None:
    guichet._rendre(corps[: len(corps) * 2 // 3])


def _lunaire(guichet: Guichet, _: bytes) -> None:
    qui = annuaire.donnees()["identites"][0] | {"nom": "LUNAIRE", "naissance": "1975-00-00"}
    guichet._rendre(annuaire.rendre([qui]))


EFFETS: dict[str, Callable[[Guichet, bytes], None]] = {
    "silence": _silence,
    "goutte_a_goutte": _goutte_a_goutte,
    "coupure": _coupure,
    "entites": _entites,
    "tronque": _tronque,
    "lunaire": _lunaire,
    "http_500": lambda guichet, _: guichet._rendre(b"<html>panne</html>", 500),
    "vide": lambda guichet, _: guichet._rendre(b""),
    "demesure": lambda guichet, _: guichet._rendre(b"<a>" + b" " * (2 * TAILLE_MAX) + b"</a>"),
}


# ------------------------------------------------------------ socket


class Serveur(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, certificats: Paire, autorite: Any):
        super().__init__(("127.0.0.1", port), Guichet)
        self.travers = Travers()
        self.recues: list[Recue] = []
        self.ferme = threading.Event()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._tls.load_cert_chain(certificats.certificat, certificats.cle)
        self._tls.load_verify_locations(autorite)
        self._tls.verify_mode = ssl.CERT_REQUIRED

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_port}/lps"

    def noter(self, recue: Recue) -> None:
        """The last ones: a demo runs for days."""
        self.recues[:] = [*self.recues[-99:], recue]

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the thread of the connection: a client that says nothing holds nobody else."""
        request.settimeout(Guichet.timeout)
        prise = self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with prise:
            try:
                prise.do_handshake()
            except OSError:
                _laisser_lire(prise)
                return
            with suppress(OSError):
                super().finish_request(prise, client_address)

    def fermer(self) -> None:
        self.ferme.set()
        self.shutdown()
        self.server_close()


def _laisser_lire(prise: ssl.SSLSocket) -> None:
    """Closed at once, the refusal that was just written would be lost with the connection."""
    with suppress(OSError):
        socket.socket.shutdown(prise, socket.SHUT_WR)
        socket.socket.settimeout(prise, 1)
        while socket.socket.recv(prise, 65536):
            pass


def ouvrir(port: int, certificats: Paire, autorite: Autorite | Any) -> Serveur:
    """Listens on 127.0.0.1 in a thread of its own; the caller closes. `autorite`: whose clients
    are let in, as an authority or as the path of its certificate."""
    chemin = autorite.certificat if isinstance(autorite, Autorite) else autorite
    serveur = Serveur(port, certificats, chemin)
    threading.Thread(target=serveur.serve_forever, args=(0.05,), daemon=True).start()
    return serveur
