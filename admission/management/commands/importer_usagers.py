import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from admission import services
from admission.importation.colonnes import defauts, normaliser, trouver_entete
from admission.importation.lecture import ouvrir
from admission.importation.refus import FichierRefuse
from admission.models import Importation
from dui.socle.models import Compte, Etablissement
from habilitations.ligne_de_commande import compte_technique
from habilitations.politique import Habilitation

ROLE = "SECRETAIRE"


class Command(BaseCommand):
    help = (
        "Importe une liste de personnes accompagnées (CSV ou XLSX). "
        "Code de sortie 1 quand le fichier est refusé ou que rien n’est importé."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--etablissement", required=True, metavar="FINESS")
        parser.add_argument("--compte", help="identifiant de qui importe")
        parser.add_argument("--simulation", action="store_true", help="essayer sans rien écrire")
        parser.add_argument("--lignes-valables", action="store_true")
        parser.add_argument("--creer-lieux", action="store_true")
        parser.add_argument("--completer", action="store_true")
        parser.add_argument("--creer-doublons", action="store_true")
        parser.add_argument("--quarantaine", action="store_true")
        parser.add_argument(
            "--correspondance", type=Path, metavar="FICHIER.JSON", help='{"titre": "code"}'
        )
        parser.add_argument("--format", choices=["texte", "json"], default="texte")

    def handle(self, **options):
        habilitation = Habilitation(_compte(options))
        importation = None
        try:
            importation = self._deposer(habilitation, options)
            bilan = _bilan(self._executer(habilitation, importation, options))
        except FichierRefuse as refus:
            raise CommandError(f"{refus.message} {refus.que_faire}") from refus
        finally:
            self._ranger(habilitation, importation)
        if options["format"] == "json":
            self.stdout.write(json.dumps(bilan, ensure_ascii=False, indent=1))
        else:
            self._raconter(bilan)
        if bilan["etat"] not in (Importation.Etat.TERMINEE, Importation.Etat.SIMULEE):
            sys.exit(1)

    def _deposer(self, habilitation, options) -> Importation:
        etablissement = _trouver(Etablissement, finess=options["etablissement"])
        try:
            flux = options["fichier"].open("rb")
        except OSError as erreur:
            raise CommandError(f"Fichier illisible : {erreur.strerror}.") from erreur
        with flux:
            importation = services.deposer_fichier(
                habilitation, etablissement=etablissement, flux=flux, nom=options["fichier"].name
            )
            self.choix = self._colonnes(options, flux, importation)
        return importation

    def _ranger(self, habilitation, importation) -> None:
        """A dry run, or a mapping refused, leaves no file behind."""
        if importation and not Importation.objects.get(pk=importation.pk).finie:
            services.annuler(habilitation, importation.pk)

    def _colonnes(self, options, flux, importation) -> dict[int, str]:
        if not options["correspondance"]:
            return importation.colonnes
        try:
            voulue = json.loads(options["correspondance"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as erreur:
            raise CommandError("La correspondance n’est pas un fichier JSON lisible.") from erreur
        titres = {
            normaliser(str(t)): r for r, t in enumerate(trouver_entete(ouvrir(flux)).cellules)
        }
        absents = [titre for titre in voulue if normaliser(titre) not in titres]
        if absents:
            raise CommandError(f"Titres absents du fichier : {', '.join(absents)}.")
        return {titres[normaliser(titre)]: code for titre, code in voulue.items()}

    def _executer(self, habilitation, importation, options) -> Importation:
        if refus := defauts(self.choix):
            raise CommandError(" ".join(refus))
        services.choisir_correspondance(habilitation, importation.pk, colonnes_choisies=self.choix)
        noms = ("lignes_valables", "creer_lieux", "completer", "creer_doublons", "quarantaine")
        demander = (
            services.demander_simulation if options["simulation"] else services.demander_import
        )
        demander(habilitation, importation.pk, en_file=False, **{nom: options[nom] for nom in noms})
        services.executer(importation.pk)
        importation.refresh_from_db()
        return importation

    def _raconter(self, bilan) -> None:
        for cle in ("etat", "total", "creees", "mises_a_jour", "deja_presentes", "rejetees"):
            self.stdout.write(f"{cle.replace('_', ' ')} : {bilan[cle]}")
        if bilan["motif"]:
            self.stdout.write(bilan["motif"])
        for rejet in bilan["rejets"]:
            self.stdout.write(f"ligne {rejet['ligne']}, {rejet['colonne']} : {rejet['raison']}")


def _compte(options) -> Compte:
    if options["compte"]:
        return _trouver(Compte, username=options["compte"])
    etablissement = _trouver(Etablissement, finess=options["etablissement"])
    return compte_technique(etablissement, ROLE)


def _trouver(modele, **criteres):
    trouve = modele.objects.filter(**criteres).first()
    if trouve is None:
        raise CommandError(f"{modele._meta.verbose_name.capitalize()} introuvable : {criteres}.")
    return trouve


def _bilan(importation) -> dict:
    """Counts, and for each refused line its number, column and reason; never a value."""
    champs = ("ligne", "colonne", "raison", "que_faire")
    return {
        "importation": str(importation.pk),
        "etat": importation.etat,
        "motif": importation.motif,
        "total": importation.total or importation.faites,
        "creees": importation.creees,
        "mises_a_jour": importation.mises_a_jour,
        "deja_presentes": importation.ignorees,
        "rejetees": importation.rejetees,
        "avertissements": importation.avertissements,
        "rejets": list(importation.rejets.order_by("ligne", "pk").values(*champs)),
    }
