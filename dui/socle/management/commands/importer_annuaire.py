import csv
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dui.socle.annuaire.importation import Avancement, Options, importer, seul
from dui.socle.annuaire.lecture import FichierRefuse, sources
from dui.socle.models import ImportAnnuaire

MONTRES = 20  # rejected lines told on screen; all of them with --rejets
SECONDES = 5


class Command(BaseCommand):
    help = (
        "Importe les extractions nationales de l’annuaire santé (fichiers .txt, ou leur .zip). "
        "Interrompu, il reprend où il en était : relancez la même commande. "
        "Code de sortie 1 quand un fichier est refusé ; la dernière bonne copie reste en place."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichiers", type=Path, nargs="+", metavar="FICHIER")
        parser.add_argument(
            "--delta",
            action="store_true",
            help="fichier partiel : ses lignes remplacent celles des mêmes professionnels",
        )
        parser.add_argument(
            "--accepter-baisse",
            action="store_true",
            help="publier même un fichier bien plus court que le précédent",
        )
        parser.add_argument(
            "--rejets", type=Path, metavar="FICHIER.CSV", help="y écrire chaque ligne rejetée"
        )

    def handle(self, fichiers, delta, accepter_baisse, rejets, **options):
        self.dernier = 0.0
        choix = Options(delta, accepter_baisse, self._avancer, self._dire)
        faits = []
        try:
            with seul():
                for chemin in fichiers:
                    for source in sources(chemin, taille_max=settings.ANNUAIRE_TAILLE_MAX):
                        self._dire(f"{source.nom}")
                        faits.append(self._conclure(importer(source, choix)))
        except FichierRefuse as refus:
            faits += ImportAnnuaire.objects.order_by("-pk")[:1]
            raise CommandError(str(refus)) from None
        finally:
            if rejets:
                self._ecrire(rejets, [f for f in faits if f])

    def _dire(self, texte):
        self.stdout.write(texte)
        self.stdout.flush()

    def _avancer(self, a: Avancement):
        if time.monotonic() - self.dernier < SECONDES:
            return
        self.dernier = time.monotonic()
        reste = f", reste {a.reste:.0f} s de lecture" if a.part < 1 else ""
        self._dire(
            f"  ligne {a.importation.ligne}, {a.part:.0%}, {a.importation.rejetees} rejetées{reste}"
        )

    def _conclure(self, importation):
        if importation is None:
            self._dire("  rien à en prendre : ces colonnes ne sont pas tenues ici")
            return None
        self._dire(
            f"  publié : {importation.retenues} lignes retenues, {importation.rejetees} rejetées, "
            f"{importation.avertissements} numéros RPPS à la clé douteuse"
        )
        for rejet in importation.rejets.all()[:MONTRES]:
            self._dire(f"  {rejet}")
        if importation.rejetees > MONTRES:
            self._dire(f"  … et {importation.rejetees - MONTRES} autres (--rejets)")
        return importation

    def _ecrire(self, chemin, importations):
        with chemin.open("w", encoding="utf-8", newline="") as flux:
            table = csv.writer(flux, delimiter=";")
            table.writerow(["fichier", "ligne", "motif"])
            for importation in importations:
                for rejet in importation.rejets.iterator():
                    table.writerow([importation.fichier, rejet.ligne, rejet.motif])
