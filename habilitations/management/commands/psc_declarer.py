from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError

from habilitations.psc.identites import declarer, emetteur_configure


class Command(BaseCommand):
    help = "Relie un compte à son identifiant national, avant sa première connexion."

    def add_arguments(self, parser):
        parser.add_argument("compte", help="identifiant du compte")
        parser.add_argument("identifiant", help="identifiant national : 8 puis le numéro RPPS")
        parser.add_argument("--emetteur", help="par défaut, celui de DUI_PSC_DECOUVERTE")

    def handle(self, *, compte, identifiant, emetteur, **options):
        emetteur = emetteur or emetteur_configure()
        if not emetteur:
            raise CommandError("Donnez --emetteur, ou configurez DUI_PSC_DECOUVERTE.")
        lu = get_user_model().objects.filter(username=compte).first()
        if lu is None:
            raise CommandError(f"Aucun compte « {compte} ».")
        try:
            declarer(lu, identifiant, emetteur=emetteur)
        except ValidationError as erreur:
            raise CommandError(" ".join(erreur.messages)) from None
        self.stdout.write(f"{lu} se connecte désormais avec l’identifiant {identifiant}.")
