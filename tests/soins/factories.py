from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.socle.factories import CompteFactory, DossierFactory


class VigilanceFactory(DjangoModelFactory):
    class Meta:
        model = "soins.Vigilance"

    class Params:
        allergie = factory.Trait(type="allergie", libelle="Allergie : pénicilline", gravite=3)
        levee = factory.Trait(fin=date(2025, 1, 31))

    dossier = factory.SubFactory(DossierFactory)
    type = "chute"
    libelle = "Chute : risque élevé"
    gravite = 2
    depuis = date(2024, 1, 9)
    saisie_par = factory.SubFactory(CompteFactory)


class MesureFactory(DjangoModelFactory):
    """A value in force, taken now; « il_y_a=3 » takes it three days ago."""

    class Meta:
        model = "soins.Mesure"

    class Params:
        il_y_a = 0

    dossier = factory.SubFactory(DossierFactory)
    code = "temperature"
    valeur = Decimal("36.8")
    mesuree_le = factory.LazyAttribute(lambda m: timezone.now() - timedelta(days=m.il_y_a))
    ecrite_le = factory.SelfAttribute("mesuree_le")
    auteur = factory.SubFactory(CompteFactory)


def peser(dossier, **kilos):
    """`peser(dossier, j31="56.4", j0="53.4")`: weighings so many days ago."""
    for jour, valeur in kilos.items():
        MesureFactory(dossier=dossier, code="poids", valeur=valeur, il_y_a=int(jour[1:]))
