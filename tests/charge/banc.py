"""`./run bench`: response times on the data of a running demo, meant for size l.

Server time is measured in the process, through the whole middleware stack and real templates;
then the same pages over HTTP by several clients at once, against the demo's own web server.
Loopback only; the number of requests is bounded.
"""

import argparse
import os
import random
import statistics
import sys
import threading
import time
import uuid
from urllib.parse import urlsplit

from dui.emplacement import Emplacement
from tests.charge.mesures import Serie, tableau

PASSAGES = 3  # of each account on the pages of its house; the first, cold one counts too


def preparer(dossier):
    """Point Django at the running demo; returns the address of its web server."""
    emplacement = Emplacement(dossier)
    fiche = emplacement.lire()
    if not fiche.get("adresses"):
        sys.exit("Démarrez d’abord la démonstration : ./run demo --taille l")
    os.environ |= fiche["adresses"] | {"DUI_ENV": "demo", "DUI_PROCESSUS": "web"}
    os.environ["DUI_VAR"] = str(emplacement.dossier)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
    from dui.wsgi import prechauffer  # loads Django as the web server does

    prechauffer()
    return fiche.get("url", "")


class Banc:
    def __init__(self, options):
        self.options = options
        self.hasard = random.Random(1)
        self.series: dict[str, Serie] = {}

    def visiteurs(self):
        """[(signed-in client, account)] of roles that use these pages, in several houses."""
        from django.conf import settings
        from django.test import Client
        from django.test.client import ClientHandler

        from dui.socle.models import Compte

        roles = ["IDE", "AS", "IDEC", "MEDCO"]
        comptes = Compte.objects.filter(affectations__role__in=roles, is_active=True).distinct()
        tous = list(comptes.order_by("pk"))
        serveur = ClientHandler(
            enforce_csrf_checks=False
        )  # one for all, as in the web server: it lists the static files
        choisis = self.hasard.sample(tous, min(self.options.comptes, len(tous)))
        for compte in choisis:
            client = Client(SERVER_NAME="localhost", raise_request_exception=True)
            client.handler = serveur
            client.force_login(compte, backend=settings.AUTHENTICATION_BACKENDS[0])
            session = client.session
            session["activite"] = int(time.time())
            session.save()
            yield client, compte

    def chronometrer(self, nom, client, methode, *arguments, **options):
        debut = time.perf_counter()
        reponse = getattr(client, methode)(*arguments, **options)
        duree = (time.perf_counter() - debut) * 1000
        if reponse.status_code >= 400:
            sys.exit(f"{nom} : {arguments[0]} a répondu {reponse.status_code}")
        serie = self.series.setdefault(nom, Serie(nom))
        serie.durees.append(duree)
        if methode == "get" and len(serie.durees) % 5 == 1:
            serie.requetes.add(self.compter(client, *arguments))
        return reponse

    def compter(self, client, adresse) -> int:
        """SQL queries of a page, apart from its timing: logging them slows it down."""
        from django.db import connection, reset_queries
        from django.test.utils import CaptureQueriesContext

        reset_queries()
        with CaptureQueriesContext(connection) as capture:
            client.get(adresse)
        return sum(not _controle(q["sql"]) for q in capture.captured_queries)

    def visiter(self, client, compte):
        from dui.socle.models import Dossier
        from habilitations.politique import Habilitation

        h = Habilitation(compte)
        unites = h.unites
        dossiers = list(
            Dossier.objects.visibles(h, "TRA", "voir")
            .order_by("?")
            .values_list("pk", flat=True)[:5]
        )
        if not dossiers or not unites:
            return
        unite = self.hasard.choice(unites)
        ici, maison = f"unite={unite.pk}", f"etablissement={unite.etablissement_id}"
        voir = lambda nom, adresse: self.chronometrer(nom, client, "get", adresse)  # noqa: E731
        for _ in range(PASSAGES):
            voir("home", "/")
            voir("board, unit", f"/residents/?{ici}")
            voir("board, establishment", f"/residents/?{maison}")
            voir("handover, unit", f"/releve/?{ici}&depuis=24")
            voir("handover, establishment", f"/releve/?{maison}&depuis=24")
        for texte in ("mar", "dur", "le g"):
            voir("search", f"/recherche/?q={texte}")
        for dossier in dossiers:
            voir("dossier", f"/dossiers/{dossier}/")
            voir("thread", f"/dossiers/{dossier}/transmissions/")
            if h.peut("CST"):
                voir("vital signs", f"/dossiers/{dossier}/constantes/")
            if h.peut("TRA", "saisir"):
                self.ecrire(client, dossier)

    def imprimer(self, client, compte):
        from dui.socle.models import Dossier
        from habilitations.politique import Habilitation

        visibles = Dossier.objects.visibles(Habilitation(compte), "ID", "voir")
        for dossier in visibles.order_by("?").values_list("pk", flat=True)[:2]:
            adresse = f"/dossiers/{dossier}/fiche-urgence.pdf"
            self.chronometrer("emergency sheet (PDF)", client, "get", adresse)

    def ecrire(self, client, dossier):
        adresse = f"/dossiers/{dossier}/transmissions/nouvelle/"
        self.chronometrer("transmission form", client, "get", adresse)
        saisie = {
            "cle_saisie": uuid.uuid4(),
            "forme": "ciblee",
            "cible": "alimentation",
            "donnees": "A bien mangé.",
            "importance": "courante",
            "heure": "00:00",
            "jour": time.strftime("%Y-%m-%d"),
        }
        garder = f"/brouillons/enregistrer/?dossier={dossier}&objet=banc"
        self.chronometrer(
            "draft autosave", client, "post", garder, saisie, headers={"Accept": "application/json"}
        )
        self.chronometrer("write a transmission", client, "post", adresse, saisie)

    def en_http(self, url):
        """`clients` threads walk the same pages over HTTP, each with its own session."""
        import httpx
        from django.conf import settings

        series, verrou = {}, threading.Lock()
        adresses = [
            ("home", "/"),
            ("board, unit", "/residents/"),
            ("handover, unit", "/releve/"),
            ("search", "/recherche/?q=mar"),
        ]

        def parcourir(client, biscuit):
            with httpx.Client(base_url=url, trust_env=False, timeout=30) as http:
                http.cookies.set(settings.SESSION_COOKIE_NAME, biscuit)
                for _ in range(self.options.tours):
                    for nom, adresse in adresses:
                        debut = time.perf_counter()
                        reponse = http.get(adresse)
                        duree = (time.perf_counter() - debut) * 1000
                        if reponse.status_code != 200:
                            raise RuntimeError(f"{adresse} : {reponse.status_code}")
                        with verrou:
                            series.setdefault(nom, Serie(nom)).durees.append(duree)

        fils = [
            threading.Thread(
                target=parcourir, args=(c, c.cookies[settings.SESSION_COOKIE_NAME].value)
            )
            for c, _ in list(self.visiteurs())[: self.options.clients]
        ]
        debut = time.perf_counter()
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        total = sum(len(s.durees) for s in series.values())
        return list(series.values()), total / (time.perf_counter() - debut)


def _controle(sql: str) -> bool:
    return sql.split(" ", 1)[0].strip(";") in (
        "BEGIN",
        "COMMIT",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
    )


def etalon() -> float:
    """ms of a fixed pure Python loop: the speed of the machine at this moment, so that the figures
    of two machines, or of a shared one that slows down, can be compared."""
    debut, somme = time.perf_counter(), 0
    for i in range(1_000_000):
        somme += i * i
    return (time.perf_counter() - debut) * 1000


def volumes() -> str:
    from django.db import connection

    tables = ("socle_dossier", "accompagnement_transmission", "soins_mesure", "socle_entreejournal")
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relname, reltuples::bigint FROM pg_class WHERE relname = ANY(%s)",
            [list(tables)],
        )
        nombres = dict(curseur.fetchall())
    return ", ".join(f"{nombres.get(t, 0):,} {t}" for t in tables)


def main():
    analyseur = argparse.ArgumentParser(description=__doc__)
    analyseur.add_argument("--var", help="dossier de la démonstration")
    analyseur.add_argument("--comptes", type=int, default=40)
    analyseur.add_argument("--clients", type=int, default=8)
    analyseur.add_argument("--tours", type=int, default=15)
    options = analyseur.parse_args()
    url = preparer(options.var)
    banc = Banc(options)
    print(f"Volumes: {volumes()}\n")
    visiteurs = list(banc.visiteurs())
    for client, compte in visiteurs[:3]:
        banc.visiter(client, compte)  # templates compiled, plans cached
    banc.series.clear()
    etalons = []
    for client, compte in visiteurs:
        banc.visiter(client, compte)
        etalons.append(etalon())
    for client, compte in visiteurs:
        banc.imprimer(client, compte)
    print("## Server time, one request at a time\n")
    print(tableau(list(banc.series.values())))
    print(
        f"\nReference loop, between visits: {statistics.median(etalons):.0f} ms"
        f" ({min(etalons):.0f} to {max(etalons):.0f})"
    )
    if urlsplit(url).hostname in ("127.0.0.1", "localhost"):
        series, debit = banc.en_http(url)
        print(f"\n## Over HTTP, {options.clients} clients at once, {debit:.0f} pages/s\n")
        print(tableau(series))
    mediane = statistics.median(d for s in banc.series.values() for d in s.durees)
    print(f"\nMedian of all steps: {mediane:.0f} ms")


if __name__ == "__main__":
    main()
