import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accompagnement.repas import lectures
from tests.socle.factories import CompteFactory, DossierFactory


class AlimentationFactory(DjangoModelFactory):
    class Meta:
        model = "accompagnement.Alimentation"

    dossier = factory.SubFactory(DossierFactory)
    texture = "mixee"
    boisson = "gelifiee"
    regimes = ["sans_sel"]
    debut = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=20))
    motif = "Bilan de déglutition"
    auteur = factory.SubFactory(CompteFactory)
    fonction = "IDE"


class RepasServiFactory(DjangoModelFactory):
    """Of the last meal begun."""

    class Meta:
        model = "accompagnement.RepasServi"

    dossier = factory.SubFactory(DossierFactory)
    sejour = factory.LazyAttribute(lambda r: r.dossier.sejours.first())
    unite = factory.SelfAttribute("sejour.unite")
    jour = factory.LazyFunction(lambda: lectures.en_ce_moment()[0])
    repas = factory.LazyFunction(lambda: lectures.en_ce_moment()[1].code)
    auteur = factory.SubFactory(CompteFactory)
    fonction = "AS"
    cle_saisie = factory.LazyFunction(uuid.uuid4)
