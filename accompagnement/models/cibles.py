import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet
from habilitations import reserves


class CibleQuerySet(LieAuDossierQuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """Those of the open records, less what is reserved to a profession the account has not."""
        ouvertes = reserves.condition(habilitation, self.model.BLOC, action)
        return super().visibles(habilitation, action).filter(ouvertes)

    def ouvertes(self):
        return self.filter(etat=Cible.Etat.OUVERTE)

    def a_relancer(self):
        """Nobody wrote about them for too long, or the day that was set has come."""
        return self.ouvertes().filter(a_relancer_le__lte=timezone.localdate())

    def par_urgence(self):
        return self.order_by("a_relancer_le", "ouverte_le", "pk")


class Cible(models.Model):
    """A problem, a risk or a success that the team follows: opened by a transmission, kept alive by
    others, closed by the one that says the result."""

    BLOC = Bloc.TRA

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "Ouverte"
        RESOLUE = "resolue", "Résolue"
        ABANDONNEE = "abandonnee", "Abandonnée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="cibles")
    code = models.CharField("cible", max_length=30, blank=True)
    intitule = models.CharField("précision", max_length=80, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.OUVERTE)
    reserve = models.CharField("réservée à", max_length=20, blank=True, default="")
    ouverte_le = models.DateTimeField("ouverte le", default=timezone.now)
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    nouvelles_le = models.DateTimeField("dernières nouvelles le")
    relance_le = models.DateField("relance demandée le", null=True, blank=True)
    # The first of that day and of the end of the delay without news.
    a_relancer_le = models.DateField("à relancer le")
    close_le = models.DateTimeField("close le", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CibleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "cible suivie"
        verbose_name_plural = "cibles suivies"
        indexes = [
            models.Index(
                fields=["dossier", "a_relancer_le"],
                name="cible_ouverte",
                condition=Q(etat="ouverte"),
            ),
            models.Index(fields=["dossier", "-ouverte_le"], name="cible_dossier"),
        ]
        constraints = [
            models.CheckConstraint(
                name="cible_nommee",
                condition=~Q(code="", intitule=""),
                violation_error_message="Une cible porte un nom.",
            ),
            models.CheckConstraint(
                name="cible_close_datee",
                condition=Q(etat="ouverte", close_le=None)
                | (~Q(etat="ouverte") & Q(close_le__isnull=False)),
                violation_error_message="Une cible close dit quand.",
            ),
        ]

    def __str__(self):
        return self.titre

    @property
    def titre(self) -> str:
        """« Peau, plaie : talon droit »"""
        nom = codes.libelle("cible_transmission", self.code) if self.code else ""
        return " : ".join(x for x in (nom, self.intitule) if x)

    @property
    def ouverte(self) -> bool:
        return self.etat == self.Etat.OUVERTE

    @property
    def en_retard(self) -> bool:
        return self.ouverte and self.a_relancer_le <= timezone.localdate()

    @property
    def mention_reserve(self) -> str:
        return f"Réservée : {reserves.libelle(self.reserve)}" if self.reserve else ""

    @property
    def ancre(self) -> str:
        return f"cible-{self.pk}"
