"""What the administration of accounts and rights writes down."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.models import Organisme
from dui.socle.requetes import HistoriseQuerySet
from habilitations.models.affectations import Affectation
from habilitations.models.roles import Role


class ActivationQuerySet(models.QuerySet):
    def utilisables(self):
        """Given, not used, not replaced by a later one, not too old."""
        return self.filter(close_le=None, expire_le__gt=timezone.now())


class Activation(models.Model):
    """A code given by hand: with it, and once, the person chooses a password. Only its imprint
    is kept."""

    class Motif(models.TextChoices):
        NOUVEAU = "nouveau", "Nouveau compte"
        MOT_DE_PASSE = "mot_de_passe", "Mot de passe oublié"
        SECOND_FACTEUR = "second_facteur", "Second facteur perdu"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="activations"
    )
    motif = models.CharField(max_length=15, choices=Motif)
    empreinte = models.CharField(max_length=64, editable=False)
    donnee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    donnee_le = models.DateTimeField("donnée le", default=timezone.now)
    expire_le = models.DateTimeField("expire le")
    close_le = models.DateTimeField("close le", null=True)
    utilisee = models.BooleanField("utilisée", default=False)
    lue_le = models.DateTimeField("lue le", null=True)  # by the person, from another session

    objects = ActivationQuerySet.as_manager()

    class Meta:
        verbose_name = "code d’activation"
        verbose_name_plural = "codes d’activation"
        constraints = [
            models.UniqueConstraint(
                fields=["compte"],
                condition=Q(close_le=None),
                name="activation_une_par_compte",
                violation_error_message="Un code d’activation attend déjà cette personne.",
            )
        ]


class ReglageDroit(models.Model):
    """A difference between the rights of an organisme and the shipped matrix."""

    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    bloc = models.CharField(max_length=5, choices=Bloc)
    action = models.CharField(max_length=12, choices=Action)
    accorde = models.BooleanField("accordé")
    motif = models.CharField(max_length=200)

    objects = HistoriseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglage de la matrice"
        verbose_name_plural = "réglages de la matrice"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "role", "bloc", "action"], name="reglage_unique"
            ),
            models.CheckConstraint(
                name="reglage_motive",
                condition=~Q(motif=""),
                violation_error_message="Dites pourquoi ce droit change.",
            ),
        ]

    def __str__(self):
        sens = "accordé" if self.accorde else "retiré"
        return f"{self.role_id} · {self.bloc} · {self.action} {sens}"


class Revue(models.Model):
    """Once a year, somebody says of each affectation that it is still right, or ends it."""

    class Decision(models.TextChoices):
        CONFIRMEE = "confirmee", "Confirmée"
        TERMINEE = "terminee", "Terminée"

    affectation = models.ForeignKey(Affectation, on_delete=models.PROTECT, related_name="revues")
    decision = models.CharField("décision", max_length=10, choices=Decision)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "revue d’une affectation"
        verbose_name_plural = "revues des affectations"
        indexes = [models.Index(fields=["affectation", "-le"], name="revue_affectation")]
