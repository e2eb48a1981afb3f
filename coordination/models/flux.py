import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone


class FluxAgendaQuerySet(models.QuerySet):
    def du_jeton(self, jeton: str):
        return self.filter(empreinte=FluxAgenda.hacher(jeton))


class FluxAgenda(models.Model):
    """The secret address of one professional's calendar; only its hash is kept."""

    compte = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="flux_agenda"
    )
    empreinte = models.CharField(max_length=64, unique=True)
    cree_le = models.DateTimeField(default=timezone.now)
    lu_le = models.DateTimeField("dernière lecture", null=True, blank=True)

    objects = FluxAgendaQuerySet.as_manager()

    class Meta:
        verbose_name = "flux d’agenda"
        verbose_name_plural = "flux d’agenda"

    @staticmethod
    def hacher(jeton: str) -> str:
        """A token of 256 random bits needs no slow hash."""
        return hashlib.sha256(jeton.encode()).hexdigest()
