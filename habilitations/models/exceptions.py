"""What opens a dossier outside the ordinary rule, or closes it: broken glass, interdictions,
nominative grants."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc
from dui.socle.models import Dossier, Etablissement, LieAuDossierQuerySet


class BrisDeGlaceQuerySet(models.QuerySet):
    def en_cours(self):
        return self.filter(expire_le__gt=timezone.now())

    def a_revoir(self):
        return self.filter(conclusion="")


class BrisDeGlace(models.Model):
    """An access taken in an emergency, for a few hours, that somebody else judges afterwards."""

    class Conclusion(models.TextChoices):
        JUSTIFIE = "justifie", "Justifié"
        ABUSIF = "abusif", "Abusif"

    cle = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)  # for addresses
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    etablissement = models.ForeignKey(
        Etablissement, null=True, on_delete=models.PROTECT, related_name="+"
    )
    code_motif = models.CharField("motif", max_length=20, blank=True)  # « motif_bris_de_glace »
    motif = models.TextField("explication")
    ouvert_le = models.DateTimeField(auto_now_add=True)
    expire_le = models.DateTimeField()
    conclusion = models.CharField(max_length=10, choices=Conclusion, blank=True)
    commentaire = models.TextField(blank=True)
    revu_le = models.DateTimeField(null=True, blank=True)
    revu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = BrisDeGlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "bris de glace"
        verbose_name_plural = "bris de glace"
        indexes = [
            models.Index(fields=["compte", "dossier"], name="bris_compte_dossier"),
            models.Index(fields=["etablissement", "conclusion"], name="bris_a_revoir"),
        ]
        constraints = [
            models.CheckConstraint(
                name="bris_revu_par_un_autre",
                condition=Q(conclusion="", revu_par=None)
                | (~Q(conclusion="") & Q(revu_par__isnull=False) & ~Q(revu_par=F("compte"))),
                violation_error_message="Un autre que son auteur juge un bris de glace.",
            )
        ]

    @property
    def en_cours(self) -> bool:
        return self.expire_le > timezone.now()

    @property
    def verdict(self) -> str:
        return self.get_conclusion_display()


class InterdictionQuerySet(LieAuDossierQuerySet):
    def en_cours(self):
        """Not lifted: a person's word has effect at once, and its withdrawal too."""
        return self.filter(levee_le=None)


class Interdiction(models.Model):
    """Closes a dossier, or some of its blocks, to one professional. It wins over every grant and
    over broken glass (CSP L1110-4 IV: the person may object at any time)."""

    class Origine(models.TextChoices):
        PERSONNE = "personne", "Opposition de la personne"
        ETABLISSEMENT = "etablissement", "Décision de l’établissement"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="interdictions")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    blocs = ArrayField(
        models.CharField(max_length=5, choices=Bloc), default=list, blank=True
    )  # empty: the whole dossier
    origine = models.CharField(max_length=15, choices=Origine)
    motif = models.CharField(max_length=200, blank=True)
    debut = models.DateField("début", default=timezone.localdate)
    levee_le = models.DateTimeField(null=True, blank=True)
    levee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    BLOC = Bloc.JUR
    objects = InterdictionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "interdiction"
        indexes = [models.Index(fields=["compte"], name="interdiction_compte")]
        constraints = [
            models.CheckConstraint(
                name="interdiction_levee_par_un_autre",
                condition=Q(levee_par=None) | ~Q(levee_par=F("compte")),
                violation_error_message="Personne ne lève ce qui lui ferme un dossier.",
            )
        ]

    def __str__(self):
        return f"{self.compte_id} · {self.dossier_id}"


class AccesNominatifQuerySet(models.QuerySet):
    def en_cours(self, le=None):
        le = le or timezone.localdate()
        return self.filter(Q(fin=None) | Q(fin__gte=le))


class AccesNominatif(UserObjectPermissionBase):
    """A nominative right on one dossier (guardian, direct foreign key): portal, derogations."""

    content_object = models.ForeignKey(Dossier, on_delete=models.CASCADE)
    fin = models.DateField(null=True, blank=True)
    motif = models.CharField(max_length=200, blank=True)
    qualite = models.CharField("en qualité de", max_length=20, blank=True)

    objects = AccesNominatifQuerySet.as_manager()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "accès nominatif"
        verbose_name_plural = "accès nominatifs"
