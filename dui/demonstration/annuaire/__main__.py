"""`python -m dui.demonstration.annuaire PORT KEY_FILE`: the directory's gateway of `./run demo`."""

import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path


def main(port: int, fichier: str) -> None:
    from dui.demonstration.annuaire.personnes import de_la_demonstration
    from dui.demonstration.annuaire.ressources import toutes
    from dui.demonstration.annuaire.serveur import Passerelle, ouvrir
    from dui.demonstration.garde import refuser_hors_demonstration

    refuser_hors_demonstration()
    fin = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: fin.set())
    passerelle = Passerelle(cle=Path(fichier).read_text(encoding="utf-8").strip())
    passerelle.ressources = toutes(
        de_la_demonstration(), datetime.now(UTC).isoformat(timespec="seconds")
    )
    serveur = ouvrir(passerelle, port)
    fin.wait()
    serveur.shutdown()
    serveur.server_close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
