from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from coordination.models import EtapeEvenement
from tests.socle.factories import CompteFactory, DossierFactory, EtablissementFactory

# What a fall asks for, as the form posts it.
FAITS_CHUTE = {
    "activite": "marche",
    "temoin": "non",
    "facteurs": ["chaussage"],
    "lesions": ["hematome"],
    "surveillance": ["constantes"],
}


class EvenementFactory(DjangoModelFactory):
    """A fall declared; `dossier=None` needs an `etablissement`."""

    class Meta:
        model = "coordination.EvenementIndesirable"
        skip_postgeneration_save = True

    class Params:
        clos = factory.Trait(etat="clos", bilan="Barre posée, chaussures changées.")

    dossier = factory.SubFactory(DossierFactory)
    etablissement = factory.LazyAttribute(lambda e: e.dossier.sejours.first().etablissement)
    unite = factory.LazyAttribute(lambda e: e.dossier and e.dossier.sejours.first().unite)
    type = "chute"
    constate_le = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=2))
    circonstances = "Retrouvée assise au pied du lit."
    faits = factory.LazyFunction(lambda: dict(FAITS_CHUTE))
    famille = "oui"
    famille_qui = "Isabelle MOREL"
    famille_le = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    famille_par = "C. Martin"
    medecin = "non"
    medecin_motif = "Appelé, ne répond pas encore."
    declarant = factory.SubFactory(CompteFactory)
    fonction = "IDE"

    @factory.post_generation
    def etape(self, create, extracted, **kwargs):
        EtapeEvenement.objects.create(evenement=self, etape="declare", par=self.declarant)


class ReunionFactory(DjangoModelFactory):
    class Meta:
        model = "coordination.Reunion"

    etablissement = factory.SubFactory(EtablissementFactory)
    titre = "Synthèse"
    prevue_le = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    animee_par = factory.SubFactory(CompteFactory)


class PointReunionFactory(DjangoModelFactory):
    """In the house where the person stays."""

    class Meta:
        model = "coordination.PointReunion"

    dossier = factory.SubFactory(DossierFactory)
    reunion = factory.SubFactory(
        ReunionFactory,
        etablissement=factory.LazyAttribute(
            lambda r: r.factory_parent.dossier.sejours.first().etablissement
        ),
    )


class EigFactory(DjangoModelFactory):
    class Meta:
        model = "coordination.SignalementEig"

    evenement = factory.SubFactory(EvenementFactory)
    categorie = "4"
    nature = "Chute avec fracture"
    circonstances = "Au pied du lit, la nuit."
    consequences = "Hospitalisation."
    mesures = "Appel du 15."
    declarant = "Anne Corre"
    declarant_fonction = "Cadre de santé"
