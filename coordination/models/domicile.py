from django.db import models
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet


class Domicile(models.Model):
    """Where one goes to see the person, and how one gets in."""

    BLOC = Bloc.AGE

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="domicile")
    adresse = models.CharField(max_length=200)
    complement = models.CharField("étage, bâtiment", max_length=120, blank=True)
    code_postal = models.CharField("code postal", max_length=5)
    ville = models.CharField(max_length=80)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    consignes = models.CharField("pour entrer", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = LieAuDossierQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "domicile"

    def __str__(self):
        return f"{self.adresse}, {self.code_postal} {self.ville}"
