from django.db import models
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.requetes import HistoriseQuerySet


class Role(models.Model):
    """A job in the house. `acteur`: professional, external professional or portal account."""

    class Acteur(models.TextChoices):
        PROFESSIONNEL = "professionnel", "Professionnel de l’établissement"
        EXTERIEUR = "exterieur", "Professionnel extérieur"
        PORTAIL = "portail", "Personne accompagnée ou proche"

    code = models.CharField(max_length=20, primary_key=True)
    libelle = models.CharField("libellé", max_length=120)
    fonction_courte = models.CharField("abréviation", max_length=30)
    profession_code = models.CharField("codes de profession", max_length=40, blank=True)
    acteur = models.CharField(max_length=15, choices=Acteur, default=Acteur.PROFESSIONNEL)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "rôle"
        ordering = ["ordre", "code"]

    def __str__(self):
        return self.libelle


class Droit(models.Model):
    """A cell of the matrix: role × block × action. `note`: condition of the matrix (1 to 24)."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="droits")
    bloc = models.CharField(max_length=5, choices=Bloc)
    action = models.CharField(max_length=12, choices=Action)
    note = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = HistoriseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "droit"
        constraints = [
            models.UniqueConstraint(fields=["role", "bloc", "action"], name="droit_unique")
        ]

    def __str__(self):
        return f"{self.role_id} · {self.bloc} · {self.action}"
