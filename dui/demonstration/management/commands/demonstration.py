from django.core.management.base import BaseCommand, CommandError

from dui.demonstration.chargement import Chargeur, DejaDesDonnees
from dui.demonstration.garde import refuser_hors_demonstration
from dui.demonstration.monde import TAILLES


class Command(BaseCommand):
    help = "Charge des personnes et des données inventées, toujours les mêmes pour une graine."

    def add_arguments(self, parser):
        parser.add_argument("--taille", choices=sorted(TAILLES), default="s")
        parser.add_argument("--graine", type=int, default=1)
        parser.add_argument(
            "--remise-a-zero", action="store_true", help="efface d’abord toutes les données"
        )

    def handle(self, *args, taille, graine, remise_a_zero, **options):
        refuser_hors_demonstration()
        dire = self.stdout.write if options["verbosity"] else (lambda texte: None)
        try:
            Chargeur(taille, graine=graine, dire=dire).charger(remise_a_zero=remise_a_zero)
        except DejaDesDonnees:
            raise CommandError(
                "Cette base contient déjà un organisme. Rien n’a été changé. "
                "Pour tout effacer et recommencer : --remise-a-zero."
            ) from None
