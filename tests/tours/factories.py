import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from soins.tours import lectures, listes
from tests.socle.factories import CompteFactory, DossierFactory

HIER = timedelta(days=1)


class ActePlanifieFactory(DjangoModelFactory):
    """Due every day, at the moment that is passing unless told otherwise."""

    class Meta:
        model = "soins.ActePlanifie"

    dossier = factory.SubFactory(DossierFactory)
    code = "toilette"
    moments = factory.LazyFunction(lambda: [lectures.en_ce_moment()[1].code])
    debut = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=40))
    saisi_par = factory.SubFactory(CompteFactory)


class ActeRealiseFactory(DjangoModelFactory):
    class Meta:
        model = "soins.ActeRealise"

    acte = factory.SubFactory(ActePlanifieFactory)
    dossier = factory.SelfAttribute("acte.dossier")
    code = factory.SelfAttribute("acte.code")
    jour = factory.LazyFunction(lambda: lectures.en_ce_moment()[0])
    moment = factory.LazyFunction(lambda: lectures.en_ce_moment()[1].code)
    fait_le = factory.LazyFunction(timezone.now)
    ecrit_le = factory.LazyFunction(timezone.now)
    auteur = factory.SubFactory(CompteFactory)
    fonction = "AS"
    cle_saisie = factory.LazyFunction(uuid.uuid4)


def matin_d_hier():
    """(day, moment): a round that is over, whatever the hour of the test."""
    return timezone.localdate() - HIER, listes.moments()["matin"]
