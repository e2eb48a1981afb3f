from itertools import chain
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dui.socle import lieux_naissance


class Command(BaseCommand):
    help = (
        "Charge les lieux de naissance : la liste livrée, ou les fichiers officiels de l’Insee "
        "(v_commune_depuis_1943 et v_pays_et_territoire_depuis_1943), qui disent aussi les "
        "communes supprimées et les dates."
    )

    def add_arguments(self, parser):
        parser.add_argument("--communes", type=Path)
        parser.add_argument("--pays", type=Path)

    def handle(self, *, communes, pays, **options):
        if bool(communes) != bool(pays):
            raise CommandError("Donnez les deux fichiers, --communes et --pays, ou aucun.")
        source = lieux_naissance.source_livree()
        lignes = lieux_naissance.livre()
        if communes:
            lignes = chain(
                lieux_naissance.communes_officielles(communes), lieux_naissance.pays_officiels(pays)
            )
            source |= {
                "version": f"{timezone.localdate()}",
                "source": f"Insee, {communes.name} et {pays.name}",
            }
        try:
            nombre = lieux_naissance.charger(lignes, source)
        except (lieux_naissance.FichierInattendu, OSError, UnicodeDecodeError) as faute:
            raise CommandError(f"{faute} Rien n’a été changé.") from None
        self.stdout.write(f"{nombre} lieux de naissance chargés")
