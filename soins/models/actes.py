from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet, LigneNotee, LigneNoteeQuerySet


def tous_les_jours() -> list[int]:
    return list(range(1, 8))


class ActePlanifieQuerySet(LieAuDossierQuerySet):
    def prevus(self, jour, moment):
        return self.filter(
            Q(fin=None) | Q(fin__gte=jour),
            debut__lte=jour,
            jours__contains=[jour.isoweekday()],
            moments__contains=[moment],
        )

    def du_plan(self, le=None):
        """Not over yet: in force or to come."""
        return self.filter(Q(fin=None) | Q(fin__gte=le or timezone.localdate()))


class ActePlanifie(models.Model):
    """An everyday act that is due (code of « acte_quotidien »): which days of the week, which
    moments of the day (codes of « moment_journee »), from when to when. Never a medicine."""

    BLOC = Bloc.AVQ

    class Aide(models.TextChoices):
        STIMULATION = "stimulation", "Stimuler"
        PARTIELLE = "partielle", "Aider en partie"
        TOTALE = "totale", "Faire à la place"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="actes_planifies")
    code = models.CharField("acte", max_length=30)
    consigne = models.CharField(max_length=200, blank=True)
    aide = models.CharField(max_length=12, choices=Aide, blank=True)
    jours = ArrayField(models.PositiveSmallIntegerField(), default=tous_les_jours)  # ISO: 1 Monday
    moments = ArrayField(models.CharField(max_length=20))
    objectif = models.CharField(max_length=80, blank=True)  # key of a registered list of choices
    debut = models.DateField("à partir du", default=timezone.localdate)
    fin = models.DateField("jusqu’au", null=True, blank=True)
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActePlanifieQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "acte planifié"
        verbose_name_plural = "actes planifiés"
        indexes = [models.Index(fields=["dossier", "fin"], name="acte_planifie_dossier")]
        constraints = [
            models.CheckConstraint(
                name="acte_planifie_dates_ordonnees",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="acte_planifie_rythme",
                condition=~Q(jours=[]) & ~Q(moments=[]),
                violation_error_message="Choisissez au moins un jour et un moment.",
            ),
        ]

    def __str__(self):
        return self.code


class ActeRealiseQuerySet(LigneNoteeQuerySet):
    def du_tour(self, jour, moment):
        return self.en_vigueur().filter(jour=jour, moment=moment)

    def ecarts(self):
        return self.exclude(issue=ActeRealise.Issue.FAIT)


class ActeRealise(LigneNotee):
    """What became of a planned act on a day, at a moment (`motif`: code of « ecart_acte »): done at
    `fait_le`, written at `ecrit_le`."""

    BLOC = Bloc.AVQ

    class Issue(models.TextChoices):
        FAIT = "fait", "Fait"
        EN_PARTIE = "en_partie", "Fait en partie"
        AUTREMENT = "autrement", "Fait autrement"
        NON_FAIT = "non_fait", "Non fait"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="actes_realises")
    acte = models.ForeignKey(ActePlanifie, on_delete=models.PROTECT, related_name="realisations")
    moment = models.CharField(max_length=20)
    code = models.CharField("acte", max_length=30)
    issue = models.CharField(max_length=10, choices=Issue, default=Issue.FAIT)
    fait_le = models.DateTimeField("fait le")

    objects = ActeRealiseQuerySet.as_manager()

    class Meta:
        verbose_name = "acte réalisé"
        verbose_name_plural = "actes réalisés"
        indexes = [models.Index(fields=["dossier", "-jour"], name="acte_realise_dossier")]
        constraints = [
            models.UniqueConstraint(
                fields=["acte", "jour", "moment"],
                condition=Q(courante=True),
                name="acte_realise_une_fois",
                violation_error_message="Cet acte est déjà noté pour ce tour.",
            ),
            models.CheckConstraint(
                name="acte_realise_ecart_motive",
                condition=Q(issue="fait", motif="") | (~Q(issue="fait") & ~Q(motif="")),
                violation_error_message="Un écart dit sa raison.",
            ),
            models.CheckConstraint(
                name="acte_realise_fait_avant_d_etre_ecrit",
                condition=Q(fait_le__lte=F("ecrit_le")),
                violation_error_message="Un acte s’écrit après avoir été fait.",
            ),
            models.CheckConstraint(
                name="acte_realise_correction_motivee",
                condition=Q(remplace=None, motif_correction="")
                | (Q(remplace__isnull=False) & ~Q(motif_correction="")),
                violation_error_message="Une correction dit son motif.",
            ),
        ]

    def __str__(self):
        return f"{self.code} ({self.jour:%d/%m/%Y})"
