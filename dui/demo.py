"""`python -m dui.demo`: the whole application in one command, stopped by one Ctrl-C.

A server, the worker or the web that dies is started again at the same address.
"""

import argparse
import os
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

from dui import preparation
from dui.emplacement import SERVEURS, Emplacement, Occupe
from dui.processus import Service
from dui.services_locaux import annuaire_local, insi_local, port_libre, psc_local

WEB = (
    "-m gunicorn dui.wsgi -k gthread -w 2 --threads 4 --log-level warning"
    " --graceful-timeout 5 --no-control-socket"
)
# Without --without-*: two exchanges at start that a single worker does not need.
TRAVAILLEUR = (
    "-m celery -A dui --quiet worker -B -c 1 -l WARNING"
    " --without-gossip --without-mingle --without-heartbeat"
)
SERVICES_LOCAUX = {
    "Pro Santé Connect": psc_local,
    "INSi": insi_local,
    "Annuaire Santé": annuaire_local,
}
PREMIERE_PAGE_SECONDES = 60
RELANCES, PERIODE_SECONDES = 5, 60
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy


class Programme(Service):
    """A Python process of the demo."""

    def __init__(self, name, arguments, processus):
        self.name, self.arguments = name, arguments
        self.environnement = {"DUI_PROCESSUS": processus, "PYTHONWARNINGS": "ignore"}

    def launch(self):
        self.spawn([sys.executable, *self.arguments], env={**os.environ, **self.environnement})


class Demo:
    def __init__(self, options):
        self.options = options
        self.emplacement = Emplacement(options.var)
        self.url = f"http://localhost:{options.port}"  # passkeys know no numeric address
        self.services = []
        self.relances = {}
        self.arret = threading.Event()
        self.debut = time.monotonic()

    def dire(self, message):
        print(f"[{time.monotonic() - self.debut:5.1f} s] {message}", flush=True)

    def demarrer(self):
        """False when something prevents it, once said why."""
        if port_pris(self.options.port):
            self.dire(f"Le port {self.options.port} est déjà pris : ./run demo --port …")
            return False
        try:
            self.emplacement.prendre(url=self.url)
        except Occupe as occupe:
            ou = occupe.par.get("url") or "une commande de gestion"
            self.dire(
                f"Le dossier {self.emplacement.dossier} sert déjà à {ou} "
                f"(processus {occupe.par.get('pid', 'inconnu')}). Arrêtez-le par Ctrl-C, "
                "ou choisissez un autre dossier et un autre port : ./run demo --var … --port …"
            )
            return False
        if self.options.remise_a_zero:
            self.emplacement.effacer()
            gardees = [nom for nom in SERVEURS if os.environ.get(nom)]
            self.dire(" ".join(["Données effacées", *(f"(sauf {nom})" for nom in gardees)]))
        self.emplacement.demarrer_serveurs()
        self.services += self.emplacement.serveurs
        for service in self.services:
            self.dire(f"{service.name} est prêt")
        self.decrire()
        return self.preparer() and self.ouvrir()

    def decrire(self):
        adresses = {nom: os.environ[nom] for nom in ("DATABASE_URL", "REDIS_URL")}
        self.emplacement.decrire(url=self.url, adresses=adresses)

    def preparer(self):
        marque, empreinte = self.emplacement.marque, preparation.empreinte()
        if marque.exists() and marque.read_text() == empreinte:
            return True
        self.dire("Préparation")
        arguments = ["-m", "dui.preparation", self.options.taille]
        etape = Programme("préparation", arguments, "commande").start()
        self.services.append(etape)
        while etape.running() and not self.arret.wait(0.05):
            pass
        self.services.remove(etape)
        reussie = etape.end() == 0
        if reussie:
            marque.write_text(empreinte)
        elif not self.arret.is_set():
            self.dire("La préparation a échoué.")
        return reussie

    def ouvrir(self):
        """The web alone first: what else starts would take its share of the machine."""
        ensuite = [*self.services_locaux(), *self.antivirus()]
        web = [*WEB.split(), "-b", f"127.0.0.1:{self.options.port}"]
        self.services.append(Programme("Le web", web, "web").start())
        if not self.attendre_la_premiere_page():
            return False
        ensuite.append(Programme("Le travailleur", TRAVAILLEUR.split(), "travailleur"))
        for programme in ensuite:
            self.services.append(programme.start())
        self.dire(f"Prêt : {self.url}/demo/")
        print(
            "          Choisissez un compte sur cette page, où figure le mot de passe commun. "
            "Personnes et données sont inventées.\n          Ctrl-C arrête tout.",
            flush=True,
        )
        return True

    def services_locaux(self):
        for nom, preparer in SERVICES_LOCAUX.items():
            if commande := preparer(self.emplacement.dossier, self.options.port):
                yield Programme(f"{nom} (local)", commande, "commande")

    def antivirus(self):
        """The protocol of a real one, and the test file that every antivirus knows."""
        if not os.environ.get("DUI_ANTIVIRUS"):
            port = str(port_libre(0))
            os.environ["DUI_ANTIVIRUS"] = f"tcp://127.0.0.1:{port}"
            commande = ["-m", "dui.connecteurs.clamav_local", port]
            yield Programme("L’antivirus d’essai", commande, "commande")

    def attendre_la_premiere_page(self):
        limite = time.monotonic() + PREMIERE_PAGE_SECONDES
        web = self.services[-1]
        while not self.arret.wait(0.05):
            reponse = repond(f"{self.url}/etat/")
            if reponse == 200:
                return True
            if reponse or not web.running() or time.monotonic() > limite:
                self.dire(f"La première page ne répond pas ({reponse or 'rien'}).")
                return False
        return False

    def surveiller(self):
        """True when asked to stop, False when a service will not stay up."""
        while not self.arret.wait(0.2):
            for service in self.services:
                if not service.running() and not self.relancer(service):
                    return False
        return True

    def relancer(self, service):
        maintenant = time.monotonic()
        recentes = [t for t in self.relances.get(service, []) if maintenant - t < PERIODE_SECONDES]
        if len(recentes) >= RELANCES:
            self.dire(f"{service.name} s’arrête sans cesse : abandon.")
            return False
        self.relances[service] = [*recentes, maintenant]
        self.dire(f"{service.name} s’est arrêté ({service.end()}) : relance")
        try:
            service.start()
        except RuntimeError as echec:
            self.dire(str(echec))
        return True

    def executer(self):
        try:
            if not self.demarrer():
                return 0 if self.arret.is_set() else 1
            return 0 if self.surveiller() else 1
        finally:
            self.fermer()

    def fermer(self):
        for service in reversed(self.services):
            if service not in self.emplacement.serveurs and service.running():
                service.process.send_signal(service.stop_signal)  # all together, then one by one
        for service in reversed(self.services):
            service.stop()
        if self.services:
            self.dire("Tout est arrêté.")
        self.emplacement.rendre()


def port_pris(port):
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def repond(url):
    """The status of the answer, or None while there is none."""
    try:
        with DIRECT.open(url, timeout=5) as reponse:
            return reponse.status
    except urllib.error.HTTPError as e:
        return e.code
    except OSError:
        return None


def lire_options(arguments):
    lecteur = argparse.ArgumentParser(prog="./run demo", description="La démonstration.")
    lecteur.add_argument("--port", type=int, default=8000)
    lecteur.add_argument("--taille", choices=["s", "m", "l"], default="s", help="des données")
    lecteur.add_argument("--remise-a-zero", action="store_true", help="efface tout d’abord")
    lecteur.add_argument("--var", help="dossier des données (var par défaut)")
    return lecteur.parse_args(arguments)


def main(arguments=None):
    os.environ.setdefault("DUI_ENV", "demo")
    demo = Demo(lire_options(arguments))
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Set explicitly: a background job of a non-interactive shell inherits SIGINT ignored.
        signal.signal(numero, lambda *_: demo.arret.set())
    return demo.executer()


if __name__ == "__main__":
    sys.exit(main())
