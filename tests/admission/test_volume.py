"""Cinq mille lignes dans un processus à part : la mémoire est bornée, la durée est affichée."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from dui.socle.models import Contact, Dossier, Sejour, Usager
from tests.admission.fichiers import csv, residents, xlsx
from tests.socle.factories import EtablissementFactory

NOMBRE = 5_000
MEMOIRE_MAXIMALE_MIO = 200

MESURE = """
import os, re, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "dui.settings"
from django.core.management import execute_from_command_line
debut = time.monotonic()
try:
    execute_from_command_line(["manage.py", *sys.argv[1:]])
finally:
    # Not ru_maxrss: it starts from the peak of the process that forked.
    pic = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024
    print(f"MESURE {pic} {time.monotonic() - debut:.1f}", flush=True)
"""


def adresse_de_la_base() -> str:
    base = connection.settings_dict
    hote = f"?host={base['HOST']}" if base["HOST"].startswith("/") else ""
    serveur = "" if hote else f"{base['HOST']}:{base['PORT'] or 5432}"
    mot = f":{base['PASSWORD']}" if base["PASSWORD"] else ""
    port = f"&port={base['PORT']}" if hote and base["PORT"] else ""
    return f"postgresql://{base['USER']}{mot}@{serveur}/{base['NAME']}{hote}{port}"


@pytest.mark.lent
@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="pas de /proc ici")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fabrique", [csv, xlsx])
def test_cinq_mille_lignes_tiennent_dans_200_mio(fabrique, tmp_path):
    fichier = tmp_path / f"liste.{fabrique.__name__}"
    fichier.write_bytes(fabrique(residents(NOMBRE)).getvalue())
    finess = EtablissementFactory().finess
    environnement = os.environ | {
        "DATABASE_URL": adresse_de_la_base(),
        "DUI_ENV": "test",
        "DUI_VAR": str(tmp_path),
        "DUI_PROCESSUS": "travailleur",
    }
    commande = ["importer_usagers", str(fichier), f"--etablissement={finess}", "--creer-lieux"]
    fini = subprocess.run(
        [sys.executable, "-c", MESURE, *commande],
        cwd=settings.BASE_DIR,
        env=environnement,
        capture_output=True,
        text=True,
    )
    assert fini.returncode == 0, fini.stdout[-2000:] + fini.stderr[-2000:]
    pic, duree = fini.stdout.split("MESURE ")[1].split()
    print(f"\n{NOMBRE} lignes ({fabrique.__name__}) : {duree} s, {pic} Mio au plus")
    assert (Usager.objects.count(), Dossier.objects.count()) == (NOMBRE, NOMBRE)
    assert (Sejour.objects.count(), Contact.objects.count()) == (NOMBRE, 2 * NOMBRE)
    assert Usager.history.count() == NOMBRE
    assert int(pic) < MEMOIRE_MAXIMALE_MIO
