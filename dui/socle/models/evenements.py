from django.conf import settings
from django.db import models
from django.utils import timezone

from dui.socle.models.dossiers import Dossier


class Evenement(models.Model):
    """A business fact, append-only: reporting, timeline and reactions read it.

    `charge` holds identifiers and codes, never clinical text.
    """

    type = models.CharField(max_length=60)
    dossier = models.ForeignKey(
        Dossier, null=True, on_delete=models.PROTECT, related_name="evenements"
    )
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    survenu_le = models.DateTimeField(default=timezone.now)
    charge = models.JSONField(default=dict)

    class Meta:
        verbose_name = "événement"
        indexes = [
            models.Index(fields=["dossier", "-survenu_le"], name="evenement_dossier"),
            models.Index(fields=["type", "-survenu_le"], name="evenement_type"),
        ]

    def __str__(self):
        return f"{self.type} ({self.survenu_le:%d/%m/%Y %H:%M})"
