from django.core.management.base import BaseCommand, CommandError

from dui.socle import journal
from dui.socle.verification import verifier


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal d’accès ; code de sortie 1 à la première rupture."

    def add_arguments(self, parser):
        parser.add_argument(
            "--ancres",
            action="store_true",
            help="compare aussi la chaîne aux ancres gardées hors de la base (DUI_ANCRES)",
        )

    def handle(self, *, ancres, **options):
        while journal.sceller():
            pass
        constat = verifier(avec_ancres=ancres)
        if constat.rupture:
            raise CommandError(str(constat))
        self.stdout.write(str(constat))
