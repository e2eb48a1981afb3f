from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accompagnement.evaluations.importees import services
from accompagnement.evaluations.importees.controle import lire_definition
from accompagnement.evaluations.moteur.definitions import DefinitionInvalide
from dui.socle.enums import Domaine
from dui.socle.models import Etablissement


class Command(BaseCommand):
    help = (
        "Importe la définition JSON d’une grille d’évaluation, et la publie si on le demande. "
        "Chaque faute est dite avec son chemin dans le fichier."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="définition de la grille, en JSON")
        parser.add_argument(
            "--verifier", action="store_true", help="vérifie le fichier et n’importe rien"
        )
        parser.add_argument(
            "--publier-etablissement", action="append", default=[], metavar="FINESS"
        )
        parser.add_argument(
            "--publier-domaine", action="append", default=[], choices=Domaine.values
        )

    def handle(self, *, fichier, verifier, publier_etablissement, publier_domaine, **options):
        try:
            definition = lire_definition(fichier.read_bytes())
        except OSError as erreur:
            raise CommandError(f"{erreur.filename} : {erreur.strerror}.") from erreur
        except DefinitionInvalide as refus:
            raise CommandError("\n".join(refus.fautes)) from refus
        if verifier:
            self.stdout.write(f"{definition.nom} ({definition.version}) : définition valable.")
            return
        maisons = self._maisons(publier_etablissement)
        try:
            with transaction.atomic():
                grille = services.garder(None, definition)
                lieux = services.publier(
                    None, grille, etablissements=maisons, domaines=publier_domaine
                )
        except ValidationError as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur
        self.stdout.write(f"{grille} importée, {lieux} nouvelle(s) publication(s).")

    def _maisons(self, numeros):
        maisons = list(Etablissement.objects.filter(finess__in=numeros))
        if inconnus := set(numeros) - {m.finess for m in maisons}:
            raise CommandError(f"Établissement inconnu : {', '.join(sorted(inconnus))}.")
        return maisons
