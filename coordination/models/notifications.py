from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class PreferenceNotification(models.Model):
    """What an account wants to be told of: families shown, and by e-mail (never any content)."""

    compte = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    cachees = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    courriel = models.BooleanField("un courriel quand on m’écrit", default=False)

    class Meta:
        verbose_name = "préférence de notification"
        verbose_name_plural = "préférences de notification"

    def __str__(self):
        return f"Notifications de {self.compte_id}"
