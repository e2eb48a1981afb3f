"""`python -m dui.demonstration.psc PORT WEB`: the provider of `./run demo`."""

import os
import signal
import sys
import threading


def main(port: int, web: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
    django.setup()
    from django.conf import settings
    from django.db import connections

    from dui.demonstration.garde import refuser_hors_demonstration
    from dui.demonstration.psc.fournisseur import Fournisseur
    from dui.demonstration.psc.professionnels import de_la_demonstration
    from dui.demonstration.psc.serveur import ouvrir

    refuser_hors_demonstration()
    racines = [f"http://{hote}:{web}/connexion/psc/" for hote in ("127.0.0.1", "localhost")]
    fournisseur = Fournisseur(
        client=settings.PSC_CLIENT,
        secret=settings.PSC_SECRET,
        retours={f"{racine}retour/" for racine in racines},
        sorties={f"{racine}sortie/" for racine in racines},
    )
    fin = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: fin.set())
    serveur = ouvrir(fournisseur, port)
    fournisseur.connaitre(de_la_demonstration(fournisseur.emetteur))
    connections.close_all()
    fin.wait()
    serveur.shutdown()
    serveur.server_close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
