from datetime import date, timedelta

import factory
from django.contrib.auth.models import Permission
from django.utils import timezone
from factory.django import DjangoModelFactory

from dui.socle.enums import Action, Bloc
from habilitations.models import AccesNominatif, Role
from tests.socle.factories import CompteFactory, DossierFactory, EtablissementFactory


class AffectationFactory(DjangoModelFactory):
    """`role` is a code of the shipped matrix (IDE, AS, MEDCO…)."""

    class Meta:
        model = "habilitations.Affectation"

    compte = factory.SubFactory(CompteFactory)
    role_id = "IDE"
    etablissement = factory.LazyAttribute(
        lambda a: a.unite.etablissement if a.unite else EtablissementFactory()
    )
    unite = None
    portee = "etablissement"
    debut = date(2024, 1, 1)

    @classmethod
    def _generate(cls, strategy, params):
        if "role" in params:
            role = params.pop("role")
            params["role_id"] = role.pk if isinstance(role, Role) else role
        return super()._generate(strategy, params)


class MembreEquipeFactory(DjangoModelFactory):
    class Meta:
        model = "habilitations.MembreEquipe"

    compte = factory.SubFactory(CompteFactory)
    dossier = factory.SubFactory(DossierFactory)
    debut = date(2024, 1, 1)


class BrisDeGlaceFactory(DjangoModelFactory):
    class Meta:
        model = "habilitations.BrisDeGlace"

    compte = factory.SubFactory(CompteFactory)
    dossier = factory.SubFactory(DossierFactory)
    etablissement = factory.LazyAttribute(lambda b: b.dossier.sejours.first().etablissement)
    motif = "Malaise dans le couloir, médecin de garde au téléphone."
    expire_le = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=4))


def acces_portail(compte, dossier, *blocs, qualite="USAGER", fin=None, action=Action.VOIR):
    """Nominative rights of a portal account, block by block (all of `qualite`'s by default)."""
    if not blocs:
        blocs = Role.objects.get(pk=qualite).droits.values_list("bloc", flat=True)
    codes = [f"{action}_{Bloc(bloc)}" for bloc in blocs]
    permissions = Permission.objects.filter(codename__in=codes, content_type__app_label="socle")
    assert permissions.count() == len(codes), f"permissions inconnues parmi {codes}"
    return [
        AccesNominatif.objects.create(
            user=compte, permission=p, content_object=dossier, fin=fin, qualite=qualite
        )
        for p in permissions.order_by("pk")
    ]


class PosteDeTravailFactory(DjangoModelFactory):
    """Without its secret: a test that needs the browser enrols one through the page."""

    class Meta:
        model = "habilitations.PosteDeTravail"

    etablissement = factory.SubFactory(EtablissementFactory)
    nom = factory.Sequence(lambda n: f"Salle de soins {n}")
    empreinte = "0" * 64
    enrole_par = factory.SubFactory(CompteFactory)
