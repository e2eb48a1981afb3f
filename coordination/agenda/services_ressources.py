from django.db import transaction

from coordination.models import Ressource
from dui.socle.enums import Action, Bloc


def de_la_maison(habilitation, etablissement):
    maisons = habilitation.etablissements(Bloc.AGE, Action.SAISIR)
    lignes = Ressource.objects.filter(etablissement=etablissement, etablissement__in=maisons)
    return lignes.order_by("-active", "nature", "nom")


@transaction.atomic
def ajouter(habilitation, *, etablissement, nom, nature, places=None) -> Ressource:
    maison = habilitation.etablissements(Bloc.AGE, Action.SAISIR).get(pk=etablissement.pk)
    ressource = Ressource(etablissement=maison, nom=nom.strip(), nature=nature, places=places)
    ressource.full_clean()
    ressource.save()
    return ressource


@transaction.atomic
def basculer(habilitation, ressource_id) -> Ressource:
    maisons = habilitation.etablissements(Bloc.AGE, Action.SAISIR)
    siennes = Ressource.objects.filter(etablissement__in=maisons)
    ressource = siennes.select_for_update(of=("self",)).get(pk=ressource_id)
    ressource.active = not ressource.active
    ressource.save(update_fields=["active"])
    return ressource
