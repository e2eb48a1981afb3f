"""Who and what a meeting takes: persons, professionals, resources."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from simple_history.models import HistoricalRecords

from coordination.models.rendez_vous import RendezVous, Ressource
from dui.socle.enums import Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet

RETIREE = "retiree"  # taken off the list: a fact of the form, not a reason that one chooses


class ParticipationQuerySet(LieAuDossierQuerySet):
    def prevues(self):
        return self.filter(presence=Participation.Presence.PREVUE)

    def tenues(self):
        return self.exclude(presence=Participation.Presence.ANNULEE)

    def inscrites(self):
        """On the list, cancelled ones too, but for those who were taken off it."""
        return self.exclude(motif=RETIREE)


class Participation(models.Model):
    """A person in a meeting, and what became of it for them. `arrivee` and `depart`: of the
    professional, at home; `ecrite_le` says when it was written."""

    BLOC = Bloc.AGE

    class Presence(models.TextChoices):
        PREVUE = "prevue", "Prévu"
        PRESENTE = "presente", "Présent"
        ABSENTE = "absente", "Absent"
        REFUSEE = "refusee", "Refusé"
        ANNULEE = "annulee", "Annulé"

    rendez_vous = models.ForeignKey(
        RendezVous, on_delete=models.PROTECT, related_name="participations"
    )
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="participations")
    presence = models.CharField("présence", max_length=10, choices=Presence, default="prevue")
    motif = models.CharField(max_length=30, blank=True)
    note = models.TextField("pour cette personne", blank=True)
    objectif = models.CharField(max_length=80, blank=True)  # key of a registered list of choices
    arrivee = models.DateTimeField("arrivée", null=True, blank=True)
    depart = models.DateTimeField("départ", null=True, blank=True)
    ecrite_le = models.DateTimeField("écrit le", null=True, blank=True)
    ecrite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ParticipationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "participation"
        indexes = [models.Index(fields=["dossier", "rendez_vous"], name="participation_dossier")]
        constraints = [
            models.UniqueConstraint(
                fields=["rendez_vous", "dossier"],
                name="participation_unique",
                violation_error_message="Cette personne participe déjà.",
            ),
            models.CheckConstraint(
                name="participation_horaires_ordonnes",
                condition=Q(depart=None) | Q(arrivee__isnull=False, depart__gte=F("arrivee")),
                violation_error_message="Le départ précède l’arrivée.",
            ),
        ]


class Intervenant(models.Model):
    """A professional of the house (an account), or somebody from outside (a name)."""

    rendez_vous = models.ForeignKey(
        RendezVous, on_delete=models.CASCADE, related_name="intervenants"
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    externe = models.CharField("intervenant extérieur", max_length=120, blank=True)

    class Meta:
        verbose_name = "intervenant"
        indexes = [models.Index(fields=["compte", "rendez_vous"], name="intervenant_compte")]
        constraints = [
            models.UniqueConstraint(fields=["rendez_vous", "compte"], name="intervenant_une_fois"),
            models.CheckConstraint(
                name="intervenant_interne_ou_externe",
                condition=Q(compte__isnull=False, externe="") | (Q(compte=None) & ~Q(externe="")),
                violation_error_message="Un intervenant est de la maison, ou porte un nom.",
            ),
        ]

    def __str__(self):
        return self.compte.signature if self.compte else self.externe


class Reservation(models.Model):
    """A resource held for a meeting. The hours are those of the meeting, copied: the database
    refuses that two hold it together."""

    rendez_vous = models.ForeignKey(
        RendezVous, on_delete=models.CASCADE, related_name="reservations"
    )
    ressource = models.ForeignKey(Ressource, on_delete=models.PROTECT, related_name="reservations")
    debut = models.DateTimeField()
    fin = models.DateTimeField()

    class Meta:
        verbose_name = "réservation"
        constraints = [
            ExclusionConstraint(
                name="reservation_une_a_la_fois",
                expressions=[
                    ("ressource", RangeOperators.EQUAL),
                    (
                        Func(
                            "debut", "fin", function="tstzrange", output_field=DateTimeRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Cette ressource est déjà prise à cette heure.",
            ),
            models.UniqueConstraint(
                fields=["rendez_vous", "ressource"], name="reservation_une_fois"
            ),
        ]
