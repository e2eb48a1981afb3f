import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet


class VigilanceQuerySet(LieAuDossierQuerySet):
    def en_cours(self):
        jour = timezone.localdate()
        return self.filter(Q(fin=None) | Q(fin__gt=jour), depuis__lte=jour)

    def par_gravite(self):
        return self.order_by("-gravite", "type", "pk")


class Vigilance(models.Model):
    """What nobody may ignore: allergy, risk, precaution. The essential of block ANT, shown in
    the identity banner (condition 5 of the matrix: useful for safety)."""

    BLOC = Bloc.ANT

    class Gravite(models.IntegerChoices):
        INFORMATION = 1, "Information"
        ATTENTION = 2, "À surveiller"
        DANGER = 3, "Danger"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="vigilances")
    type = models.CharField(max_length=30)  # code of « type_vigilance »
    libelle = models.CharField("libellé", max_length=120)
    precision = models.CharField("précision", max_length=300, blank=True)
    gravite = models.PositiveSmallIntegerField(
        "gravité", choices=Gravite, default=Gravite.ATTENTION
    )
    depuis = models.DateField(default=timezone.localdate)
    fin = models.DateField("levée le", null=True, blank=True)
    saisie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VigilanceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "vigilance"
        indexes = [models.Index(fields=["dossier", "fin"], name="vigilance_dossier")]

    def __str__(self):
        return self.libelle


class MesureQuerySet(LieAuDossierQuerySet):
    def en_vigueur(self):
        return self.filter(courante=True)

    def serie(self, code: str, depuis):
        return self.en_vigueur().filter(code=code, mesuree_le__gte=depuis).order_by("mesuree_le")

    def dernieres(self):
        """The last value of each code of each dossier."""
        requete = self.en_vigueur().order_by("dossier", "code", "-mesuree_le", "-pk")
        return requete.distinct("dossier", "code")


class Mesure(models.Model):
    """A vital sign: one value of one code of « constante » (LOINC, UCUM in its properties).

    Frozen when saved. A correction is a new row that `remplace` it; an `annulation` is a last
    row, never in force, that says why the value should not have been there.
    """

    BLOC = Bloc.CST

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="mesures")
    code = models.CharField(max_length=20)
    valeur = models.DecimalField(max_digits=8, decimal_places=2)
    mesuree_le = models.DateTimeField("mesurée le")
    ecrite_le = models.DateTimeField("écrite le", default=timezone.now)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    courante = models.BooleanField("version en vigueur", default=True)
    remplace = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remplacee_par"
    )
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4)
    annulation = models.BooleanField(default=False)
    motif_correction = models.CharField("motif de la correction", max_length=200, blank=True)

    objects = MesureQuerySet.as_manager()

    class Meta:
        verbose_name = "mesure"
        indexes = [
            # Covering: the board of a house reads a thousand values without their rows.
            models.Index(
                fields=["dossier", "code", "-mesuree_le"],
                include=["id", "valeur", "courante"],
                name="mesure_lue",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cle_saisie", "code"], name="mesure_saisie_unique"),
            models.CheckConstraint(
                name="mesure_correction_motivee",
                condition=Q(remplace=None, motif_correction="")
                | (Q(remplace__isnull=False) & ~Q(motif_correction="")),
                violation_error_message="Une correction dit son motif.",
            ),
            models.CheckConstraint(
                name="mesure_annulation_hors_vigueur",
                condition=Q(annulation=False) | Q(courante=False, remplace__isnull=False),
                violation_error_message="Une annulation remplace une mesure sans être en vigueur.",
            ),
        ]
