"""Ask a ClamAV daemon about a file, by its INSTREAM command (no shared disk, no shell)."""

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

BLOC = 64 * 1024
REPONSE_MAXIMALE = 4096


class Indisponible(Exception):
    """No verdict: nobody answers, too late, or something that is no verdict."""


@dataclass(frozen=True)
class Verdict:
    """`signature`: the name of what was found, empty for a clean file."""

    signature: str = ""

    @property
    def sain(self) -> bool:
        return not self.signature


def analyser(adresse: str, flux: BinaryIO, delai: float = 10) -> Verdict:
    """`adresse`: tcp://host:3310 or unix:///run/clamav/clamd.ctl. The file is read from its start
    and left there."""
    flux.seek(0)
    try:
        with _ouvrir(adresse, delai) as prise:
            _envoyer(prise, flux)
            return _comprendre(_recevoir(prise))
    except OSError as erreur:
        raise Indisponible(type(erreur).__name__) from erreur
    finally:
        flux.seek(0)


def repond(adresse: str, delai: float = 3) -> bool:
    try:
        with _ouvrir(adresse, delai) as prise:
            prise.sendall(b"zPING\0")
            return _recevoir(prise) == "PONG"
    except OSError:
        return False


def _ouvrir(adresse: str, delai: float) -> socket.socket:
    lue = urlsplit(adresse)
    if lue.scheme == "unix":
        prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        prise.settimeout(delai)
        try:
            prise.connect(lue.path)
        except OSError:
            prise.close()
            raise
        return prise
    if lue.scheme != "tcp" or not lue.hostname:
        raise ValueError("adresse d’antivirus : tcp://hôte:port ou unix:///chemin")
    return socket.create_connection((lue.hostname, lue.port or 3310), delai)


def _envoyer(prise: socket.socket, flux: BinaryIO) -> None:
    """Chunks led by their length in four bytes, then a length of zero. The daemon hangs up on a
    file above its limit: what it said before is still to be read."""
    try:
        prise.sendall(b"zINSTREAM\0")
        while bloc := flux.read(BLOC):
            prise.sendall(struct.pack("!I", len(bloc)) + bloc)
        prise.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _recevoir(prise: socket.socket) -> str:
    recu = b""
    while not recu.endswith(b"\0") and len(recu) < REPONSE_MAXIMALE:
        morceau = prise.recv(512)
        if not morceau:
            break
        recu += morceau
    return recu.rstrip(b"\0\n").decode("utf-8", "replace")


def _comprendre(reponse: str) -> Verdict:
    corps = reponse.partition(": ")[2]
    if corps == "OK":
        return Verdict()
    if corps.endswith(" FOUND"):
        return Verdict(corps.removesuffix(" FOUND").strip() or "inconnue")
    raise Indisponible("réponse sans verdict")
