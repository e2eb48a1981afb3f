import uuid
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.socle.factories import CompteFactory, DossierFactory


class TransmissionFactory(DjangoModelFactory):
    """Written in the unit of the dossier's current stay, an hour ago."""

    class Meta:
        model = "accompagnement.Transmission"

    class Params:
        importante = factory.Trait(importance="importante")
        urgente = factory.Trait(importance="urgente")
        macro = factory.Trait(
            forme="macro",
            macrocible="appel",
            cible="",
            donnees="",
            texte="Situation : essoufflée.",
            rubriques={"situation": "essoufflée."},
        )
        partagee = factory.Trait(communicable_le=factory.LazyFunction(timezone.now))

    dossier = factory.SubFactory(DossierFactory)
    unite = factory.LazyAttribute(lambda t: _unite(t.dossier))
    auteur = factory.SubFactory(CompteFactory)
    fonction = "AS"
    cible = "alimentation"
    donnees = "A mangé la moitié du plat."
    survenu_le = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ecrit_le = factory.LazyAttribute(lambda t: t.survenu_le + timedelta(minutes=5))
    cle_saisie = factory.LazyFunction(uuid.uuid4)


def _unite(dossier):
    sejour = dossier.sejours.order_by("-entree_le").first()
    return sejour.unite if sejour else None


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = "accompagnement.Absence"

    dossier = factory.SubFactory(DossierFactory)
    sejour = factory.LazyAttribute(lambda a: a.dossier.sejours.first())
    motif = "AH"
    lieu = "Centre hospitalier"
    debut = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=5))
    saisie_par = factory.SubFactory(CompteFactory)


class HabitudeFactory(DjangoModelFactory):
    class Meta:
        model = "accompagnement.Habitude"

    dossier = factory.SubFactory(DossierFactory)
    rubrique = "histoire"
    texte = "Institutrice à Saumur."
