from django.core.management.base import BaseCommand

from dui.socle import nomenclatures_fichiers


class Command(BaseCommand):
    help = "Charge les nomenclatures livrées dont la version a changé."

    def handle(self, **options):
        self.stdout.write(f"{nomenclatures_fichiers.charger_toutes()} nomenclature(s) chargée(s)")
