"""`python -m dui.connecteurs.clamav_local 3310`: the protocol of a ClamAV daemon, over a loopback
socket, for the demo and the tests. It knows one signature, the harmless EICAR test file; it
protects nobody."""

import socketserver
import struct
import sys

TAILLE_MAXIMALE = 25 * 2**20
# In two parts, or the antivirus of a workstation would remove this very file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"


class Demande(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        commande = self._commande()
        if commande == b"PING":
            self._repondre("PONG")
        elif commande == b"VERSION":
            self._repondre("ClamAV local, EICAR seulement")
        elif commande == b"INSTREAM":
            self._repondre(self._analyser())
        else:
            self._repondre("UNKNOWN COMMAND")

    def _commande(self) -> bytes:
        """`zNAME\\0`: the form that our client uses."""
        lue = b""
        while len(lue) < 64 and not lue.endswith(b"\0"):
            octet = self.rfile.read(1)
            if not octet:
                break
            lue += octet
        return lue.rstrip(b"\0").removeprefix(b"z")

    def _analyser(self) -> str:
        contenu = bytearray()
        while taille := self._taille():
            if len(contenu) + taille > TAILLE_MAXIMALE:
                return "INSTREAM size limit exceeded. ERROR"
            contenu += self.rfile.read(taille)
        return f"stream: {SIGNATURE} FOUND" if EICAR in contenu else "stream: OK"

    def _taille(self) -> int:
        entete = self.rfile.read(4)
        return struct.unpack("!I", entete)[0] if len(entete) == 4 else 0

    def _repondre(self, texte: str) -> None:
        self.wfile.write(texte.encode() + b"\0")


class Serveur(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    @property
    def adresse(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


def ouvrir(port: int = 0) -> Serveur:
    return Serveur(("127.0.0.1", port), Demande)


if __name__ == "__main__":
    with ouvrir(int(sys.argv[1])) as serveur:
        serveur.serve_forever()
