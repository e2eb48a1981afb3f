import json
import sys
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dui.socle.models import Compte, Etablissement
from habilitations.equipe.importation import importer
from habilitations.equipe.liste import TAILLE_MAXIMALE, ListeRefusee, lire
from habilitations.ligne_de_commande import compte_technique
from habilitations.politique import Habilitation

ROLE = "ADMIN_SI"


class Command(BaseCommand):
    help = (
        "Crée, modifie ou termine des comptes depuis une liste CSV : tout ou rien. "
        "Code de sortie 1 quand une ligne est refusée."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--etablissement", required=True, metavar="FINESS")
        parser.add_argument("--compte", help="identifiant de qui importe")
        parser.add_argument("--simulation", action="store_true", help="essayer sans rien écrire")
        parser.add_argument("--format", choices=["texte", "json"], default="texte")

    def handle(self, **options):
        etablissement = Etablissement.objects.filter(finess=options["etablissement"]).first()
        if etablissement is None:
            raise CommandError("Établissement introuvable.")
        try:
            with options["fichier"].open("rb") as flux:
                lignes = lire(flux.read(TAILLE_MAXIMALE + 1))
        except OSError as erreur:
            raise CommandError(f"Fichier illisible : {erreur.strerror}.") from erreur
        except ListeRefusee as refus:
            raise CommandError(str(refus)) from refus
        bilan = importer(
            Habilitation(_compte(options["compte"], etablissement)),
            etablissement=etablissement,
            lignes=lignes,
            simulation=options["simulation"],
        )
        if options["format"] == "json":
            self.stdout.write(json.dumps(asdict(bilan), ensure_ascii=False, indent=1))
        else:
            self._raconter(bilan)
        if bilan.rejets:
            sys.exit(1)

    def _raconter(self, bilan) -> None:
        for cle in ("crees", "modifies", "ajoutees", "terminees"):
            self.stdout.write(f"{cle} : {getattr(bilan, cle)}")
        for rejet in bilan.rejets:
            self.stdout.write(f"ligne {rejet['ligne']}, {rejet['colonne']} : {rejet['raison']}")
        for remis in bilan.codes:
            self.stdout.write(f"{remis['identifiant']} : {remis['code']}")


def _compte(identifiant, etablissement) -> Compte:
    if identifiant:
        compte = Compte.objects.filter(username=identifiant, is_active=True).first()
        if compte is None:
            raise CommandError("Compte introuvable.")
        return compte
    return compte_technique(etablissement, ROLE)
