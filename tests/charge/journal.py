"""`python -m tests.charge.journal`: the journal at one million rows, then 500 writes a second.

In a scratch database of the embedded PostgreSQL, thrown away at the end; one minute or two.
"""

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from datetime import timedelta

from tests.charge.banc import etalon
from tests.charge.mesures import Serie, tableau

DOSSIERS = 300
COMPTES = 150
LOURD = 0.1  # of all the rows: one record that everybody opens
PAGE_MS = 10  # what else a page does while its transaction is open
CONTROLE = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
ANNEE_MINUTES = 365 * 24 * 60


def base_jetable():
    """Django on an empty migrated database of its own, its memory as the web server keeps it; gives
    what undoes it."""
    from dui import devstack, memoire

    dossier = tempfile.mkdtemp(prefix="dui-banc-")
    os.environ |= {"DUI_ENV": "test", "DUI_VAR": dossier, "DJANGO_SETTINGS_MODULE": "dui.settings"}
    serveur = devstack.Postgres(dossier, throwaway=True).start()
    os.environ["DATABASE_URL"] = serveur.url
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    memoire.figer()

    def defaire():
        from django.db import connections

        connections.close_all()
        serveur.stop()
        shutil.rmtree(dossier, ignore_errors=True)

    return defaire


class Decor:
    """One house; a data protection officer, nurses, a person on the portal."""

    def __init__(self):
        from django.db import transaction

        from tests.habilitations.factories import AffectationFactory, acces_portail
        from tests.socle.factories import (
            CompteFactory,
            DossierFactory,
            EtablissementFactory,
            ProfessionnelFactory,
        )

        with transaction.atomic():
            maison = EtablissementFactory()
            self.dpo = AffectationFactory(role="DPO", etablissement=maison).compte
            self.soignants = [
                AffectationFactory(etablissement=maison).compte for _ in range(COMPTES)
            ]
            for compte in self.soignants:
                ProfessionnelFactory(compte=compte)
            sejour = {"sejour__etablissement": maison, "sejour__unite": None, "sejour__place": None}
            self.dossiers = DossierFactory.create_batch(DOSSIERS, **sejour)
            self.personne = CompteFactory()
            acces_portail(self.personne, self.dossiers[0])

    def remplir(self, nombre: int) -> None:
        """By COPY: one year, the first record heavy, one row in twenty to be watched."""
        from django.db import connection
        from django.utils import timezone

        hasard, maintenant = random.Random(1), timezone.now()
        comptes = [c.pk for c in self.soignants]
        dossiers = [str(d.pk) for d in self.dossiers]
        blocs = ("TRA", "CST", "ID", "AVQ", "ENT")
        connection.ensure_connection()
        with connection.cursor() as c:
            c.execute("SET session_replication_role = replica")  # keys are right by construction
            colonnes = (
                "horodatage, acteur_id, dossier_id, bloc, action, cible, titre_acces, contexte"
            )
            sql = f"COPY socle_entreejournal ({colonnes}) FROM STDIN"
            with c.cursor.copy(sql) as copie:
                for n in range(nombre):
                    le = maintenant - timedelta(minutes=ANNEE_MINUTES * (1 - n / nombre))
                    dossier = dossiers[0] if hasard.random() < LOURD else hasard.choice(dossiers)
                    tirage = hasard.random()
                    action = "voir" if tirage > 0.05 else "refus" if tirage > 0.02 else "imprimer"
                    if tirage < 0.002:
                        action, dossier = "connexion_refusee", None
                    copie.write_row(
                        (le, hasard.choice(comptes), dossier, hasard.choice(blocs), action, "",
                         "affectation", '{"adresse": "10.0.0.7"}')
                    )  # fmt: skip
            c.execute("SET session_replication_role = DEFAULT")
            c.execute("ANALYZE")


def tailles() -> str:
    from django.db import connection

    with connection.cursor() as c:
        c.execute(
            "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) / 1048576"
            " FROM pg_index WHERE indrelid = 'socle_entreejournal'::regclass ORDER BY 1"
        )
        index = ", ".join(f"{nom} {taille} MB" for nom, taille in c.fetchall())
        c.execute("SELECT pg_relation_size('socle_entreejournal') / 1048576")
        return f"table {c.fetchone()[0]} MB; {index}"


def mesurer_les_pages(decor, fois: int) -> list[Serie]:
    from django.urls import reverse
    from django.utils import timezone

    from dui.socle.models import EntreeJournal
    from tests.outils import connecter

    milieu = EntreeJournal.objects.order_by("-pk").values_list("pk", flat=True).first() // 2
    jadis = timezone.localdate() - timedelta(days=300)
    periode = f"du={jadis:%d/%m/%Y}&au={jadis + timedelta(days=7):%d/%m/%Y}"
    dpo, moi, personne = map(connecter, (decor.dpo, decor.soignants[0], decor.personne))
    lourd, leger = (reverse("journal_dossier", args=[d.pk]) for d in decor.dossiers[:2])
    portail = reverse("relation_usager:acces", args=[decor.dossiers[0].pk])
    pages = {
        "record, 3,000 rows": (dpo, leger),
        "record, 100,000 rows": (dpo, lourd),
        "record, half-way down": (dpo, f"{lourd}?avant={milieu}"),
        "record, one person": (dpo, f"{lourd}?personne={decor.soignants[3].last_name}"),
        "record, refusals of one week": (dpo, f"{lourd}?genre=refus&{periode}"),
        "record, nothing found": (dpo, f"{lourd}?genre=bris"),
        "houses": (dpo, "/journal/"),
        "houses, failed sign-ins": (dpo, "/journal/?genre=echecs"),
        "houses, one week long ago": (dpo, f"/journal/?{periode}"),
        "my own accesses": (moi, "/moi/journal/"),
        "portal, who opened my record": (personne, portail),
    }
    series = {nom: Serie(nom) for nom in pages}
    boucle = Serie("reference loop")
    for _ in range(fois):  # in turn: what slows the machine down slows every page down
        boucle.durees.append(etalon())
        for nom, (client, page) in pages.items():
            _chronometrer(series[nom], client, page)
    return [*series.values(), boucle]


def _chronometrer(serie, client, page) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    debut = time.perf_counter()
    assert client.get(page).status_code == 200, page
    serie.durees.append((time.perf_counter() - debut) * 1000)
    if len(serie.durees) == 1:
        with CaptureQueriesContext(connection) as capture:
            client.get(page)
        premiers = (q["sql"].split(" ", 1)[0].strip(";") for q in capture)
        serie.requetes.add(len([mot for mot in premiers if mot not in CONTROLE]))


def mesurer_les_ecritures(decor, fils: int, secondes: float) -> str:
    """Each thread: a transaction that writes its row, then stays open as a page does, while the
    journal is being sealed. Writers that waited for each other could not pass 1000 / PAGE_MS."""
    from django.db import connection, transaction

    from dui.socle import journal
    from habilitations.politique import Habilitation

    durees: list[float] = []
    attentes: list[float] = []
    fin = time.monotonic() + secondes

    def ecrire(compte):
        h = Habilitation(compte)
        while time.monotonic() < fin:
            debut = time.perf_counter()
            with transaction.atomic():
                journal.consigner(h, "voir", bloc="TRA")
                attentes.append((time.perf_counter() - debut) * 1000)
                time.sleep(PAGE_MS / 1000)
            durees.append((time.perf_counter() - debut) * 1000)
        connection.close()

    def sceller():
        while time.monotonic() < fin:
            journal.sceller()
            time.sleep(0.5)
        connection.close()

    equipe = [threading.Thread(target=ecrire, args=[c]) for c in decor.soignants[:fils]]
    equipe.append(threading.Thread(target=sceller))
    for fil in equipe:
        fil.start()
    for fil in equipe:
        fil.join()
    quantiles = statistics.quantiles(attentes, n=100)
    return (
        f"{fils} writers: {len(durees) / secondes:.0f} rows/s (a single file would allow "
        f"{1000 // PAGE_MS}); write itself p50 {quantiles[49]:.1f} ms, p99 {quantiles[98]:.0f} ms, "
        f"worst {max(attentes):.0f} ms, sealing every 0.5 s"
    )


def main():
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--lignes", type=int, default=1_000_000)
    lecteur.add_argument("--fois", type=int, default=20)
    lecteur.add_argument("--fils", type=int, default=16)
    lecteur.add_argument("--secondes", type=float, default=8)
    options = lecteur.parse_args()
    defaire = base_jetable()
    try:
        debut = time.monotonic()
        decor = Decor()
        decor.remplir(options.lignes)
        print(f"{options.lignes} rows in {time.monotonic() - debut:.0f} s", file=sys.stderr)
        print(tailles())
        print(tableau(mesurer_les_pages(decor, options.fois)))
        # What was generated counts as sealed: only what is written now is to be.
        _sceller_le_passe()
        print(mesurer_les_ecritures(decor, options.fils, options.secondes))
    finally:
        defaire()


def _sceller_le_passe():
    from dui.socle.models import EntreeJournal, Scellement

    dernier = EntreeJournal.objects.order_by("-pk").values_list("pk", flat=True).first()
    Scellement.objects.create(premier=1, dernier=dernier, nombre=dernier, empreinte=bytes(32))


if __name__ == "__main__":
    main()
