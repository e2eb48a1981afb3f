import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc
from dui.socle.models.dossiers import Dossier, LieAuDossierQuerySet
from dui.socle.models.professionnels import Professionnel


class CorrespondantQuerySet(LieAuDossierQuerySet):
    def en_cours(self, le=None):
        le = le or timezone.localdate()
        return self.filter(Q(fin=None) | Q(fin__gt=le))

    def termines(self, le=None):
        return self.filter(fin__lte=le or timezone.localdate())


class Correspondant(models.Model):
    """A professional or a structure that follows the person: from when, in which role.

    `role` is a code of the nomenclature « role_correspondant ». Where to reach them is what was
    chosen in the directory that day: it stays as it was written, whatever the directory becomes.
    """

    BLOC = Bloc.ENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="correspondants")
    professionnel = models.ForeignKey(
        Professionnel,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="correspondances",
    )
    role = models.CharField("rôle", max_length=30)
    structure = models.CharField(max_length=250, blank=True)
    structure_identifiant = models.CharField(
        "identifiant de la structure", max_length=120, blank=True
    )
    adresse = models.CharField(max_length=250, blank=True)
    code_postal = models.CharField(max_length=10, blank=True)
    commune = models.CharField(max_length=100, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    mssante = models.EmailField("adresse MSSanté", blank=True)
    commentaire = models.CharField("à savoir", max_length=300, blank=True)
    debut = models.DateField("depuis le")
    fin = models.DateField("jusqu’au", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CorrespondantQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "correspondant"
        indexes = [models.Index(fields=["dossier", "fin"], name="correspondant_dossier")]
        constraints = [
            models.CheckConstraint(
                name="correspondant_nomme",
                condition=Q(professionnel__isnull=False) | ~Q(structure=""),
                violation_error_message="Choisissez un professionnel ou une structure.",
            ),
            models.CheckConstraint(
                name="correspondant_dates_ordonnees",
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.UniqueConstraint(
                fields=["dossier", "professionnel", "structure_identifiant", "role"],
                condition=Q(fin=None),
                nulls_distinct=False,
                name="correspondant_unique",
                violation_error_message="Ce correspondant est déjà noté dans ce rôle.",
            ),
        ]

    def __str__(self):
        return str(self.professionnel) if self.professionnel else self.structure
