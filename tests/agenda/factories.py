from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.socle.factories import CompteFactory, DossierFactory, EtablissementFactory


class RessourceFactory(DjangoModelFactory):
    class Meta:
        model = "coordination.Ressource"

    etablissement = factory.SubFactory(EtablissementFactory)
    nature = "salle"
    nom = factory.Sequence(lambda n: f"Salon {n}")


class RendezVousFactory(DjangoModelFactory):
    """Begun two hours ago, in the house of the first of `dossiers`."""

    class Meta:
        model = "coordination.RendezVous"
        skip_postgeneration_save = True

    class Params:
        activite = factory.Trait(nature="activite", type="creative", libelle="Atelier peinture")
        visite = factory.Trait(nature="visite", type="MED-1296", libelle="Aide à la toilette")
        demain = factory.Trait(debut=factory.LazyFunction(lambda: dans(hours=24)))

    etablissement = factory.SubFactory(EtablissementFactory)
    type = "consultation"
    libelle = "Dr Petit, cardiologue"
    debut = factory.LazyFunction(lambda: dans(hours=-2))
    fin = factory.LazyAttribute(lambda r: r.debut + timedelta(hours=1))
    cree_par = factory.SubFactory(CompteFactory)

    @classmethod
    def _create(cls, modele, *args, dossiers=(), comptes=(), **champs):
        if dossiers:
            sejour = dossiers[0].sejours.order_by("-entree_le").first()
            if sejour:
                champs["etablissement"] = sejour.etablissement
        rendez_vous = super()._create(modele, *args, **champs)
        for dossier in dossiers:
            rendez_vous.participations.create(dossier=dossier)
        for compte in comptes:
            rendez_vous.intervenants.create(compte=compte)
        return rendez_vous


def dans(**duree):
    return timezone.now().replace(second=0, microsecond=0) + timedelta(**duree)


class DomicileFactory(DjangoModelFactory):
    class Meta:
        model = "coordination.Domicile"

    dossier = factory.SubFactory(DossierFactory)
    adresse = "12 rue du Port"
    code_postal = "49400"
    ville = "Saumur"
    consignes = "Clé dans la boîte, code 1234."
