import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.models import Dossier, Etablissement, Unite
from dui.socle.requetes import HistoriseQuerySet
from habilitations.models.roles import Role


class BorneeQuerySet(HistoriseQuerySet):
    def en_cours(self, le=None):
        """In force on `le` (today by default); an end date counts until its evening."""
        le = le or timezone.localdate()
        return self.filter(Q(fin=None) | Q(fin__gte=le), debut__lte=le)


class Affectation(models.Model):
    """Who works where, in which role, on which dossiers, from when to when."""

    class Portee(models.TextChoices):
        ETABLISSEMENT = "etablissement", "Tous les dossiers de l’établissement"
        UNITE = "unite", "Les dossiers de l’unité"
        EQUIPE = "equipe", "Les dossiers dont le professionnel est de l’équipe"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affectations"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="affectations")
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    portee = models.CharField("portée", max_length=15, choices=Portee, default=Portee.EQUIPE)
    debut = models.DateField("début")
    fin = models.DateField(null=True, blank=True)

    objects = BorneeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "affectation"
        indexes = [models.Index(fields=["compte", "debut"], name="affectation_compte")]
        constraints = [
            models.CheckConstraint(
                name="affectation_unite_nommee",
                condition=~Q(portee="unite") | Q(unite__isnull=False),
                violation_error_message="Une portée « unité » demande l’unité.",
            ),
            models.CheckConstraint(
                name="affectation_dates_ordonnees",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self):
        return f"{self.compte} · {self.role_id} · {self.etablissement}"


class MembreEquipe(models.Model):
    """The team of care of a dossier: who, doing what, from when to when. It opens the dossier to
    those whose scope is the team; one main referent at a time."""

    class Perimetre(models.TextChoices):
        SOINS = "soins", "Soins"
        EDUCATIF = "educatif", "Éducatif"
        ADMINISTRATIF = "admin", "Administratif"

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="equipe")
    # Code of « fonction_equipe ».
    fonction = models.CharField(max_length=20, default="353", db_default="353")
    perimetre = models.CharField(
        "périmètre", max_length=10, choices=Perimetre, blank=True, default="", db_default=""
    )
    referent = models.BooleanField("référent principal", default=False)
    coreferent = models.BooleanField("co-référent", default=False, db_default=False)
    debut = models.DateField("début")
    fin = models.DateField(null=True, blank=True)

    objects = BorneeQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "membre de l’équipe"
        indexes = [models.Index(fields=["compte", "dossier"], name="membre_compte_dossier")]
        constraints = [
            ExclusionConstraint(
                name="membre_un_referent_a_la_fois",
                expressions=[
                    ("dossier", RangeOperators.EQUAL),
                    (
                        Func(
                            "debut",
                            "fin",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(referent=True),
                violation_error_message="La personne a déjà un référent principal à ces dates.",
            ),
            models.CheckConstraint(
                name="membre_referent_ou_coreferent",
                condition=Q(referent=False) | Q(coreferent=False),
                violation_error_message="Référent principal ou co-référent, pas les deux.",
            ),
            models.CheckConstraint(
                name="membre_dates_ordonnees",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self):
        return f"{self.compte} · {self.dossier_id}"

    @property
    def place(self) -> str:
        if self.referent:
            return "Référent principal"
        return "Co-référent" if self.coreferent else "Membre"
