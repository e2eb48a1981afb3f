from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.socle.factories import CompteFactory, DossierFactory


class CibleFactory(DjangoModelFactory):
    """Open since now, to relaunch in three days."""

    class Meta:
        model = "accompagnement.Cible"

    class Params:
        en_retard = factory.Trait(a_relancer_le=factory.LazyFunction(timezone.localdate))
        close = factory.Trait(etat="resolue", close_le=factory.LazyFunction(timezone.now))

    dossier = factory.SubFactory(DossierFactory)
    code = "douleur"
    ouverte_par = factory.SubFactory(CompteFactory)
    nouvelles_le = factory.LazyFunction(timezone.now)
    a_relancer_le = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=3))
