import uuid

from django.conf import settings
from django.db import models

from dui.socle.enums import Civilite


class Professionnel(models.Model):
    """Someone who works with the person, with or without RPPS number, with or without account.

    `profession` is a code of TRE_G15/JDV_J01 where one exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="professionnel",
    )
    civilite = models.CharField("civilité", max_length=4, choices=Civilite, blank=True)
    nom = models.CharField(max_length=100)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    profession = models.CharField(max_length=30, blank=True)
    libelle_fonction = models.CharField("fonction", max_length=100, blank=True)
    rpps = models.CharField("n° RPPS", max_length=11, blank=True)
    # Where there is no RPPS number: the key by which the national directory knows them.
    identifiant_national = models.CharField(max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    mssante = models.EmailField("adresse MSSanté", blank=True)
    portrait = models.PositiveSmallIntegerField("portrait dessiné", default=0)

    class Meta:
        verbose_name = "professionnel"
        constraints = [
            models.UniqueConstraint(
                fields=["rpps"],
                condition=~models.Q(rpps=""),
                name="professionnel_rpps_unique",
                violation_error_message="Un professionnel porte déjà ce numéro RPPS.",
            ),
            models.UniqueConstraint(
                fields=["identifiant_national"],
                condition=~models.Q(identifiant_national=""),
                name="professionnel_idnps_unique",
                violation_error_message="Un professionnel porte déjà cet identifiant national.",
            ),
        ]

    def __str__(self):
        return f"{self.prenom} {self.nom}".strip()
