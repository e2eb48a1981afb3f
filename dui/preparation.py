"""`python -m dui.preparation [taille]`: tables, code lists, invented data, static files.

Run by the demo before its first page; skipped when nothing that it reads has changed.
"""

import contextlib
import hashlib
import os
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
DOSSIERS = [
    "dui",
    "habilitations",
    "admission",
    "accompagnement",
    "soins",
    "coordination",
    "administratif",
    "relation_usager",
    "static",
]


def lus():
    """The files that a preparation depends on: migrations, data, static files, versions."""
    yield RACINE / "requirements.lock"
    for nom in DOSSIERS:
        for dossier, sous_dossiers, fichiers in os.walk(RACINE / nom):
            sous_dossiers[:] = sorted(set(sous_dossiers) - {"__pycache__"})
            migrations = os.path.basename(dossier) == "migrations"
            for fichier in sorted(fichiers):
                if migrations or not fichier.endswith(".py"):
                    yield Path(dossier, fichier)


def empreinte() -> str:
    somme = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode())
    for fichier in lus():
        etat = fichier.stat()
        somme.update(f"{fichier}|{etat.st_size}|{etat.st_mtime_ns}\n".encode())
    return somme.hexdigest()


def dire(message):
    print(f"  {message}", flush=True)


def abreger_une_reprise():
    """What was just loaded is written down, so that a killed server comes back in no time."""
    from django.db import DatabaseError, connection

    with contextlib.suppress(DatabaseError), connection.cursor() as curseur:
        curseur.execute("CHECKPOINT")


def preparer(taille: str):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
    django.setup()
    from django.apps import apps
    from django.core.management import call_command

    dire("Base de données : tables et nomenclatures")
    call_command("migrate", verbosity=0)  # the socle loads its code lists after it
    from dui.socle import lieux_naissance

    lieux_naissance.charger_si_absents()
    if apps.get_model("socle", "Organisme")._base_manager.exists():
        dire("Données déjà présentes : gardées telles quelles")
    else:
        dire(f"Données inventées, taille « {taille} »")
        call_command("demonstration", taille=taille)
        abreger_une_reprise()
    dire("Fichiers statiques")
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    preparer(sys.argv[1] if len(sys.argv) > 1 else "s")
