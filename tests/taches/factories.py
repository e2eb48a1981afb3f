import factory
from factory.django import DjangoModelFactory

from tests.socle.factories import CompteFactory, DossierFactory


class TacheFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Tache"

    titre = "Repeser avant le déjeuner"
    dossier = factory.SubFactory(DossierFactory)
    bloc = "TRA"
    compte = factory.SubFactory(CompteFactory)
    creee_par = factory.SubFactory(CompteFactory)
    fonction = "IDE"
