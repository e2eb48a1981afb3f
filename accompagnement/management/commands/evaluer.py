import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.fichiers import FichierRefuse, evaluer_fichier

MONTREES = 20


class Command(BaseCommand):
    help = (
        "Passe un fichier CSV entier dans une grille (aggir, norton, news2…) et rend le même "
        "fichier avec les résultats. Une colonne du fichier nommée comme un résultat (gir, score) "
        "est comparée."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("grille", help="code de la grille ; « liste » les énumère")
        parser.add_argument("--csv", type=Path, help="fichier à évaluer, en UTF-8")
        parser.add_argument(
            "--sortie", type=Path, help="fichier de sortie, sinon la sortie standard"
        )

    def handle(self, *, grille, csv, sortie, **options):
        if grille == "liste":
            for d in catalogue.courantes().values():
                self.stdout.write(f"{d.code}\t{d.version}\t{d.nom}")
            return
        try:
            definition = catalogue.definition(grille)
        except catalogue.GrilleInconnue as inconnue:
            raise CommandError(
                f"Grille inconnue : {inconnue}. Voir « evaluer liste »."
            ) from inconnue
        if csv is None:
            raise CommandError("Indiquez le fichier : --csv FICHIER.")
        self._annoncer(self._evaluer(definition, csv, sortie))

    def _evaluer(self, definition, csv, sortie):
        try:
            with csv.open(encoding="utf-8", newline="") as source:
                if sortie is None:
                    return evaluer_fichier(definition, source, self.stdout._out or sys.stdout)
                with sortie.open("w", encoding="utf-8", newline="") as destination:
                    return evaluer_fichier(definition, source, destination)
        except OSError as erreur:
            raise CommandError(f"{erreur.filename} : {erreur.strerror}.") from erreur
        except FichierRefuse as refus:
            raise CommandError(f"{csv} : {refus}.") from refus

    def _annoncer(self, bilan):
        for dite in (bilan.erreurs + bilan.differences)[:MONTREES]:
            self.stderr.write(dite)
        mots = [f"{bilan.lignes} lignes", f"{len(bilan.erreurs)} en erreur"]
        if bilan.comparees:
            noms = ", ".join(bilan.comparees)
            mots.append(f"{len(bilan.differences)} différence(s) avec le fichier ({noms})")
        self.stderr.write(" · ".join(mots))
        if bilan.erreurs or bilan.differences:
            raise CommandError(
                "Des lignes sont en erreur ou diffèrent de ce que le fichier attend."
            )
