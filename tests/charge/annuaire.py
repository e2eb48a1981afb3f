"""`python -m tests.charge.annuaire`: two million lines imported and searched.

In a scratch database of the embedded PostgreSQL, thrown away at the end. The import runs in a
process of its own, whose memory is read; searches run while it does, then alone.
"""

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.charge.banc import etalon
from tests.charge.journal import base_jetable
from tests.charge.mesures import Serie, tableau

LIGNES = 2_000_000
# Words that exist in the generated file, as they are typed: {step: criteria}.
RECHERCHES = {
    "common name": {"nom": "martin"},
    "rare name": {"nom": "rabouin thérèse"},
    "two letters": {"nom": "du"},
    "first name, then name": {"nom": "karim lefèvre"},
    "name and town": {"nom": "mart", "ville": "saumur"},
    "two letters and a small town": {"nom": "ma", "ville": "longué"},
    "town and profession": {"ville": "paris", "profession": "10"},
    "town alone": {"ville": "nantes"},
    "part of a name": {"nom": "ernar"},
    "nobody": {"nom": "zzyzx quux"},
    "nobody of this name in a large town": {"nom": "zzyzx", "ville": "paris"},
    "RPPS": {"numero": ""},  # computed with its key
    "structure, part of a name": {"quoi": "structures", "nom": "port saumur"},
    "structure, town": {"quoi": "structures", "ville": "paris"},
    "structure, FINESS": {"quoi": "structures", "numero": "490012345"},
}


def ecrire(chemin: Path, lignes: int) -> None:
    """A file in the shape of the real one: 56 columns, one line in 100,000 unreadable."""
    from dui.demonstration import textes
    from dui.demonstration.annuaire import extraction
    from dui.demonstration.annuaire.personnes import METIERS, VOIES, rpps

    a = random.Random(7)
    listes = textes.listes("noms.txt")
    noms = [n for n in listes["courants"].split() + listes["ligeriens"].split()]
    noms += [f"{x}-{y}" for x in noms[:60] for y in noms[60:120]]
    poids = [1 / (r + 10) for r in range(len(noms))]
    prenoms = [p.upper() for c, v in listes.items() if c[:2] in ("F ", "M ") for p in v.split()]
    communes = [c.rsplit(" ", 1) for c in listes["communes"].split("|")]
    tailles = [30 if nom in ("Paris", "Marseille", "Lyon") else 3 for nom, _ in communes]
    titres = extraction.TITRES_ACTIVITES
    rang = {t: i for i, t in enumerate(titres)}
    metiers = list(METIERS.items())
    tirages = a.choices(range(len(noms)), poids, k=200_000)
    lieux = a.choices(range(len(communes)), tailles, k=200_000)
    with chemin.open("w", encoding="utf-8") as flux:
        flux.write(extraction.entete_activites())
        for n in range(lignes):
            if n % 100_000 == 99_999:
                flux.write("une ligne coupée|8|\n")
                continue
            qui = n * 4 // 5  # one in four has two activities
            code, metier = metiers[(qui * 7) % len(metiers)]
            commune, insee = communes[lieux[(n * 31) % 200_000]]
            numero = rpps(qui % 1_000_000)
            structure = n // 8
            valeurs = [""] * len(titres)
            for titre, valeur in (
                ("Type d'identifiant PP", "8"),
                ("Identifiant PP", numero),
                ("Identification nationale PP", f"8{qui // 1_000_000}{numero}"),
                ("Code civilité", "MME" if qui % 2 else "M"),
                ("Nom d'exercice", noms[tirages[(qui * 17) % 200_000]]),
                ("Prénom d'exercice", prenoms[(qui * 13) % len(prenoms)]),
                ("Code profession", code),
                ("Libellé profession", metier[0]),
                ("Code mode exercice", "L" if n % 3 else "S"),
                ("Libellé mode exercice", "Libéral" if n % 3 else "Salarié"),
                ("Numéro FINESS site", f"49{structure:07d}" if structure % 2 else ""),
                ("Identifiant technique de la structure", f"C{structure}"),
                ("Raison sociale site", f"{metier[5]} {VOIES[n % 6]} DE {commune} {structure}"),
                ("Numéro Voie (coord. structure)", str(n % 90)),
                ("Code type de voie (coord. structure)", "RUE"),
                ("Libellé Voie (coord. structure)", VOIES[n % 6]),
                ("Bureau cedex (coord. structure)", f"{insee} {commune.upper()}"),
                ("Code postal (coord. structure)", insee),
                ("Libellé commune (coord. structure)", commune),
                ("Téléphone (coord. structure)", "0241000000"),
                ("Code secteur d'activité", metier[3]),
                ("Libellé secteur d'activité", metier[4]),
                ("Code genre activité", "GENR01"),
            ):
                valeurs[rang[titre]] = valeur
            flux.write("|".join(valeurs) + "|\n")


def importer(fichier: Path, *, pendant=lambda: None, arreter_a: float = 0) -> dict:
    """The command in its own process: duration, peak memory, code. `arreter_a`: killed then."""
    debut = time.monotonic()
    commande = [sys.executable, "manage.py", "importer_annuaire", str(fichier)]
    processus = subprocess.Popen(commande, env=os.environ, stdout=sys.stderr)
    while processus.poll() is None:
        pendant()
        time.sleep(0.2)
        if arreter_a and time.monotonic() - debut > arreter_a:
            processus.kill()
    memoire = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "secondes": time.monotonic() - debut,
        "memoire": memoire,
        "code": processus.returncode,
    }


def chercher(series: dict[str, Serie]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from dui.demonstration.annuaire.personnes import rpps
    from dui.socle.annuaire.recherche import Criteres
    from dui.socle.annuaire.recherche import chercher as lancer

    RECHERCHES["RPPS"]["numero"] = rpps(123_400)
    for nom, criteres in RECHERCHES.items():
        debut = time.perf_counter()
        lancer(Criteres(**criteres))
        series[nom].durees.append((time.perf_counter() - debut) * 1000)
        if not series[nom].requetes:
            with CaptureQueriesContext(connection) as capture:
                lancer(Criteres(**criteres))
            series[nom].requetes.add(len(capture))


def neuves() -> dict[str, Serie]:
    return {nom: Serie(nom) for nom in RECHERCHES}


def main():
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--lignes", type=int, default=LIGNES)
    lecteur.add_argument("--fois", type=int, default=20)
    options = lecteur.parse_args()
    dossier = Path(tempfile.mkdtemp(prefix="dui-annuaire-"))
    defaire = base_jetable()
    try:
        fichier = dossier / "PS_LibreAcces_Personne_activite_202611220000.txt"
        debut = time.monotonic()
        ecrire(fichier, options.lignes)
        taille = fichier.stat().st_size / 2**20
        print(
            f"{options.lignes} lines, {taille:.0f} MB written in {time.monotonic() - debut:.0f} s"
        )
        print(f"reference loop {etalon():.0f} ms")
        print("import, killed on the way:", importer(fichier, arreter_a=20))
        print("import, resumed:", importer(fichier))
        series = neuves()
        # Searched while a second import runs, on the copy of the first.
        print(
            "import again, searched all along:", importer(fichier, pendant=lambda: chercher(series))
        )
        print(tableau(list(series.values())))
        series = neuves()
        for _ in range(options.fois):
            chercher(series)
        print("alone:")
        print(tableau(list(series.values())))
        print(f"reference loop {etalon():.0f} ms")
        print(tailles())
    finally:
        defaire()
        shutil.rmtree(dossier, ignore_errors=True)


def tailles() -> str:
    from django.db import connection

    with connection.cursor() as c:
        c.execute(
            "SELECT relname, pg_relation_size(oid) / 1048576, pg_total_relation_size(oid) / 1048576"
            " FROM pg_class WHERE relkind = 'r' AND relname LIKE 'annuaire%%' ORDER BY 1"
        )
        return "; ".join(f"{n} {t} MB, {x} with its indexes" for n, t, x in c.fetchall() if x)


if __name__ == "__main__":
    main()
