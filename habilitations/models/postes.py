from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

PAUSE = timedelta(hours=6)


class PriseDePoste(models.Model):
    """A sign-in; `releve_depuis` is the end of the former shift: what « depuis mon dernier
    poste » means for this account."""

    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="prises_de_poste"
    )
    le = models.DateTimeField(default=timezone.now)
    releve_depuis = models.DateTimeField()

    class Meta:
        verbose_name = "prise de poste"
        indexes = [models.Index(fields=["compte", "-le"], name="poste_compte")]


class EchecConnexion(models.Model):
    """Failed sign-ins of a couple identifier × address (a care home is one address), and of the
    identifier alone: both hashed."""

    cle = models.CharField(max_length=64, db_index=True)
    cle_compte = models.CharField(max_length=64, db_index=True, default="")
    le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "échec de connexion"
