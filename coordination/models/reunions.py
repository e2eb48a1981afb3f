import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, Etablissement, LieAuDossierQuerySet, Unite
from dui.socle.requetes import HistoriseQuerySet


class ReunionQuerySet(HistoriseQuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """Those of the houses where one reads projects: their date and agenda name nobody."""
        return self.filter(etablissement__in=habilitation.etablissements(Bloc.PP, action))


class Reunion(models.Model):
    """A team meeting (synthèse). What is said of a person is in her point, not here."""

    class Etat(models.TextChoices):
        PREVUE = "prevue", "Prévue"
        TENUE = "tenue", "Tenue"
        ANNULEE = "annulee", "Annulée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(
        Etablissement, on_delete=models.PROTECT, related_name="reunions"
    )
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    titre = models.CharField(max_length=120)
    prevue_le = models.DateTimeField("le")
    ordre_du_jour = models.TextField("ordre du jour", blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.PREVUE)
    motif = models.CharField("pourquoi elle est annulée", max_length=300, blank=True)
    animee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = ReunionQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "réunion"
        indexes = [models.Index(fields=["etablissement", "-prevue_le"], name="reunion_liste")]
        constraints = [
            models.CheckConstraint(
                name="reunion_annulee_dit_pourquoi",
                condition=~Q(etat="annulee") | ~Q(motif=""),
                violation_error_message="Une réunion annulée dit pourquoi.",
            )
        ]

    def __str__(self):
        return f"{self.titre} du {timezone.localtime(self.prevue_le):%d/%m/%Y}"

    @property
    def prevue(self) -> bool:
        return self.etat == self.Etat.PREVUE

    @property
    def a_eu_lieu(self) -> bool:
        """Its reports are to be written."""
        return self.etat != self.Etat.ANNULEE and self.prevue_le <= timezone.now()


class Participant(models.Model):
    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="participants")
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    nom = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "participant"
        constraints = [
            models.CheckConstraint(
                name="participant_nomme",
                condition=Q(compte__isnull=False, nom="") | (Q(compte=None) & ~Q(nom="")),
                violation_error_message="Un compte, ou un nom.",
            )
        ]

    def __str__(self):
        return self.nom or str(self.compte)


class PointReunion(models.Model):
    """What the team said and decided about one person: read from her record only."""

    BLOC = Bloc.PP

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="points")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="points_de_reunion")
    situation = models.TextField(blank=True)
    decisions = models.TextField("décisions", blank=True)
    ecrit_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ecrit_le = models.DateTimeField("écrit le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LieAuDossierQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "point d’une réunion"
        verbose_name_plural = "points des réunions"
        indexes = [models.Index(fields=["dossier", "reunion"], name="point_dossier")]

    def __str__(self):
        return f"Point de {self.reunion_id}"
