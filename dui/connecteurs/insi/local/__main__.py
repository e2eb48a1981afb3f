"""`python -m dui.connecteurs.insi.local PORT DOSSIER`: the INSi of `./run demo`, with the
certificates that were made in this folder."""

import signal
import sys
import threading
from pathlib import Path

from dui.connecteurs.insi.local.autorite import Paire
from dui.connecteurs.insi.local.serveur import ouvrir


def main(port: int, dossier: Path) -> None:
    fin = threading.Event()
    for numero in (signal.SIGINT, signal.SIGTERM):
        signal.signal(numero, lambda *_: fin.set())
    certificats = Paire(dossier / "serveur.pem", dossier / "serveur.key")
    serveur = ouvrir(port, certificats, dossier / "autorite.pem")
    fin.wait()
    serveur.fermer()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
