import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from dui.socle.enums import Bloc


class CloturePresences(models.Model):
    """The register of presences of a unit for one day, locked: who was there, half-day by half-day,
    as written when it was signed. Never changed, never removed; `par` is empty when the delay
    locked it."""

    BLOC = Bloc.AGE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unite = models.ForeignKey("socle.Unite", on_delete=models.PROTECT, related_name="clotures")
    jour = models.DateField()
    # {stay: [code of each half-day]}; no name: the stays have theirs.
    contenu = models.JSONField()
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    clos_le = models.DateTimeField("clos le", default=timezone.now)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fonction = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = "clôture du registre"
        verbose_name_plural = "clôtures du registre"
        constraints = [
            models.UniqueConstraint(
                fields=["unite", "jour"],
                name="cloture_un_jour_une_fois",
                violation_error_message="Le registre de ce jour est déjà clos.",
            )
        ]

    def __str__(self):
        return f"{self.unite}, {self.jour:%d/%m/%Y}"
