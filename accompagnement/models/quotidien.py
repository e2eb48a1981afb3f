import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet, Sejour

# A year mistyped (0001, 9999) stops every page that compares it with another date.
SIECLE = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


class AbsenceQuerySet(LieAuDossierQuerySet):
    def reelles(self):
        return self.filter(etat=Absence.Etat.REELLE)

    def prevues(self):
        return self.filter(etat=Absence.Etat.PREVUE)

    def en_cours(self):
        maintenant = timezone.now()
        return self.reelles().filter(Q(fin=None) | Q(fin__gt=maintenant), debut__lte=maintenant)

    def ouvertes(self):
        """In progress, or planned for a departure that has passed."""
        maintenant = timezone.now()
        encore = Q(fin=None) | Q(fin__gt=maintenant)
        return self.exclude(etat=Absence.Etat.ANNULEE).filter(encore, debut__lte=maintenant)

    def qui_croisent(self, debut, fin):
        """The real ones that meet this interval. Two without an end: the constraint says so."""
        if fin is None:
            return self.reelles().filter(fin__gt=debut)
        return self.reelles().filter(Q(fin=None) | Q(fin__gt=debut), debut__lt=fin)

    def entre(self, debut, fin):
        """Those that meet this interval; a planned one lasts until its planned return."""
        jusqu_a = Q(fin=None, etat=Absence.Etat.REELLE) | Q(fin__gt=debut)
        jusqu_a |= Q(etat=Absence.Etat.PREVUE, retour_prevu__gt=debut)
        return self.exclude(etat=Absence.Etat.ANNULEE).filter(jusqu_a, debut__lt=fin)


class Absence(models.Model):
    """Away from the house: hospital, family… `motif` is a code of « motif_absence ». Planned, it
    becomes real on the day of departure; `debut_prevu` remembers what had been planned."""

    BLOC = Bloc.AGE

    class Etat(models.TextChoices):
        PREVUE = "prevue", "Prévue"
        REELLE = "reelle", "Réelle"
        ANNULEE = "annulee", "Annulée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="absences")
    sejour = models.ForeignKey(Sejour, on_delete=models.PROTECT, related_name="absences")
    motif = models.CharField(max_length=30)
    lieu = models.CharField(max_length=120, blank=True)
    debut = models.DateTimeField("parti le")
    retour_prevu = models.DateTimeField("retour prévu le", null=True, blank=True)
    fin = models.DateTimeField("revenu le", null=True, blank=True)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.REELLE)
    debut_prevu = models.DateTimeField("départ prévu le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = AbsenceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "absence"
        indexes = [models.Index(fields=["dossier", "-debut"], name="absence_dossier")]
        constraints = [
            models.CheckConstraint(
                name="absence_dates_ordonnees",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="Le retour précède le départ.",
            ),
            models.CheckConstraint(
                name="absence_dates_plausibles",
                condition=Q(debut__gte=SIECLE[0])
                & (Q(retour_prevu=None) | Q(retour_prevu__lt=SIECLE[1]))
                & (Q(fin=None) | Q(fin__lt=SIECLE[1])),
                violation_error_message="Vérifiez l’année.",
            ),
            models.CheckConstraint(
                name="absence_prevue_datee",
                condition=Q(etat="reelle")
                | Q(debut_prevu__isnull=False, retour_prevu__isnull=False, fin=None),
                violation_error_message="Une absence prévue dit son départ et son retour.",
            ),
            models.UniqueConstraint(
                fields=["sejour"],
                condition=Q(fin=None, etat="reelle"),
                name="absence_une_en_cours",
                violation_error_message="Une absence est déjà en cours : noter d’abord le retour.",
            ),
        ]

    def __str__(self):
        return f"Absence de {self.dossier}"


class HabitudeQuerySet(LieAuDossierQuerySet):
    def dans_l_ordre(self):
        return self.order_by("ordre", "pk")


class Habitude(models.Model):
    """« Qui je suis »: a line of what matters to the person (code of « rubrique_habitude »)."""

    BLOC = Bloc.AVQ

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="habitudes")
    rubrique = models.CharField(max_length=30)
    texte = models.CharField(max_length=400)
    ordre = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HabitudeQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "habitude"
        constraints = [
            models.UniqueConstraint(fields=["dossier", "rubrique"], name="habitude_unique")
        ]
