from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accompagnement.evaluations.moteur.pathos import COLONNES, TableRefusee
from accompagnement.evaluations.table_pathos import importer


class Command(BaseCommand):
    help = f"Importe la table des couples PATHOS (CSV en UTF-8) : {';'.join(COLONNES)}."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)

    def handle(self, *, fichier, **options):
        try:
            with fichier.open(encoding="utf-8-sig", newline="") as lignes:
                nombre = importer(lignes)
        except OSError as erreur:
            raise CommandError(f"{erreur.filename} : {erreur.strerror}.") from erreur
        except UnicodeDecodeError as erreur:
            raise CommandError(f"{fichier} n’est pas en UTF-8.") from erreur
        except TableRefusee as refus:
            raise CommandError("\n".join(refus.fautes)) from refus
        self.stdout.write(f"{nombre} états importés.")
