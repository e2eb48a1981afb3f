import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accompagnement.models.quotidien import SIECLE
from dui.socle.enums import Bloc
from dui.socle.models import (
    Dossier,
    LieAuDossierQuerySet,
    LigneNotee,
    LigneNoteeQuerySet,
    Sejour,
    Unite,
)


class AlimentationQuerySet(LieAuDossierQuerySet):
    def au(self, jour):
        """The one in force that day for each record: the last begun, then the last written."""
        commencees = self.filter(debut__lte=jour)
        return commencees.order_by("dossier", "-debut", "-ecrit_le", "pk").distinct("dossier")


class Alimentation(models.Model):
    """What a person may eat and drink from a day on: codes of « texture_repas », of
    « texture_boisson » and of « regime_alimentaire ». Never changed: the next row takes over, and
    the rows are the history."""

    BLOC = Bloc.NUT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="alimentations")
    texture = models.CharField(max_length=30)
    boisson = models.CharField(max_length=30)
    regimes = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name="régimes"
    )
    consigne = models.CharField(max_length=200, blank=True)
    debut = models.DateField("à partir du", default=timezone.localdate)
    motif = models.CharField("pourquoi", max_length=200)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4)

    objects = AlimentationQuerySet.as_manager()

    class Meta:
        verbose_name = "alimentation"
        indexes = [
            models.Index(fields=["dossier", "-debut", "-ecrit_le"], name="alimentation_dossier")
        ]
        constraints = [
            models.CheckConstraint(
                name="alimentation_date_plausible",
                condition=Q(debut__gte=SIECLE[0].date(), debut__lt=SIECLE[1].date()),
                violation_error_message="Vérifiez l’année.",
            )
        ]

    def __str__(self):
        return f"{self.texture} ({self.debut:%d/%m/%Y})"


class RepasServiQuerySet(LigneNoteeQuerySet):
    def du_service(self, jour, repas):
        return self.en_vigueur().filter(jour=jour, repas=repas)


class RepasServi(LigneNotee):
    """What became of one meal of one person (code of « repas »; `motif`: of « ecart_repas »), with
    the texture and the diets served."""

    BLOC = Bloc.AVQ

    class Issue(models.TextChoices):
        PRIS = "pris", "Pris"
        PARTIEL = "partiel", "Pris en partie"
        REFUSE = "refuse", "Refusé"
        NON_PRIS = "non_pris", "Non pris"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="repas_servis")
    sejour = models.ForeignKey(Sejour, on_delete=models.PROTECT, related_name="repas_servis")
    repas = models.CharField(max_length=20)
    issue = models.CharField(max_length=8, choices=Issue, default=Issue.PRIS)
    texture = models.CharField(max_length=30, blank=True)  # empty: not on record that day
    boisson = models.CharField(max_length=30, blank=True)
    regimes = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, verbose_name="régimes"
    )

    objects = RepasServiQuerySet.as_manager()

    class Meta:
        verbose_name = "repas servi"
        verbose_name_plural = "repas servis"
        indexes = [models.Index(fields=["dossier", "-jour"], name="repas_servi_dossier")]
        constraints = [
            models.UniqueConstraint(
                fields=["sejour", "jour", "repas"],
                condition=Q(courante=True),
                name="repas_servi_une_fois",
                violation_error_message="Ce repas est déjà noté.",
            ),
            models.CheckConstraint(
                name="repas_servi_ecart_motive",
                condition=Q(issue="pris", motif="") | (~Q(issue="pris") & ~Q(motif="")),
                violation_error_message="Un écart dit sa raison.",
            ),
            models.CheckConstraint(
                name="repas_servi_correction_motivee",
                condition=Q(remplace=None, motif_correction="")
                | (Q(remplace__isnull=False) & ~Q(motif_correction="")),
                violation_error_message="Une correction dit son motif.",
            ),
        ]

    def __str__(self):
        return f"{self.repas} ({self.jour:%d/%m/%Y})"


class Invites(models.Model):
    """How many guests eat in a unit at one meal of one day: a number, never a name."""

    unite = models.ForeignKey(Unite, on_delete=models.PROTECT, related_name="invites")
    jour = models.DateField()
    repas = models.CharField(max_length=20)
    nombre = models.PositiveSmallIntegerField()
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saisi_le = models.DateTimeField("saisi le", default=timezone.now)

    class Meta:
        verbose_name = "invités à un repas"
        verbose_name_plural = "invités à un repas"
        constraints = [
            models.UniqueConstraint(fields=["unite", "jour", "repas"], name="invites_un_repas")
        ]

    def __str__(self):
        return f"{self.nombre} ({self.repas}, {self.jour:%d/%m/%Y})"
