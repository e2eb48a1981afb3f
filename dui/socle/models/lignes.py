from django.conf import settings
from django.db import models
from django.utils import timezone

from dui.socle.models.dossiers import LieAuDossierQuerySet
from dui.socle.models.organisations import Unite


class LigneNoteeQuerySet(LieAuDossierQuerySet):
    def en_vigueur(self):
        return self.filter(courante=True)


class LigneNotee(models.Model):
    """What was noted of one person, in one gesture for a whole unit. Frozen when saved: a
    correction is a new row that `remplace` it."""

    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    jour = models.DateField()
    motif = models.CharField("écart", max_length=30, blank=True)  # code: what departs, else empty
    precision = models.CharField("précision", max_length=300, blank=True)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    cle_saisie = models.UUIDField("clé de la saisie")  # one for the whole gesture
    version = models.PositiveSmallIntegerField(default=1)
    courante = models.BooleanField("version en vigueur", default=True)
    remplace = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remplace_par"
    )
    motif_correction = models.CharField("motif de la correction", max_length=200, blank=True)

    objects = LigneNoteeQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def ecart(self) -> bool:
        return bool(self.motif)
