"""Why does this account open this part of this dossier, or not?"""

import json

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from dui.socle.enums import Action, Bloc
from dui.socle.identifiants import lire_uuid
from dui.socle.models import Compte, Dossier
from habilitations.explication import expliquer
from habilitations.politique import Habilitation


class Command(BaseCommand):
    help = "Dit si un compte ouvre une partie d’un dossier, par quel chemin, sur quels faits."

    def add_arguments(self, analyseur):
        analyseur.add_argument("compte", help="identifiant de connexion")
        analyseur.add_argument("dossier", help="numéro ou identifiant du dossier")
        analyseur.add_argument("bloc", choices=Bloc.values)
        analyseur.add_argument("action", choices=Action.values)
        analyseur.add_argument("--format", choices=["texte", "json"], default="texte")

    def handle(self, *, compte, dossier, bloc, action, format, **options):
        explication = expliquer(Habilitation(_compte(compte)), _dossier(dossier), bloc, action)
        if format == "json":
            self.stdout.write(json.dumps(explication.en_json(), ensure_ascii=False, indent=1))
            return
        self.stdout.write("Ouvert" if explication.decision else "Fermé")
        for phrase in [c.phrase for c in explication.chemins] + explication.obstacles:
            self.stdout.write(f"- {phrase}")


def _compte(identifiant: str) -> Compte:
    if compte := Compte.objects.filter(username=identifiant).first():
        return compte
    raise CommandError(f"Aucun compte « {identifiant} ».")


def _dossier(designation: str) -> Dossier:
    condition = Q(numero=designation)
    if identifiant := lire_uuid(designation):
        condition |= Q(pk=identifiant)
    try:
        return Dossier.objects.select_related("usager").get(condition)
    except (Dossier.DoesNotExist, Dossier.MultipleObjectsReturned, ValidationError):
        raise CommandError("Aucun dossier de ce numéro, ou plusieurs.") from None
