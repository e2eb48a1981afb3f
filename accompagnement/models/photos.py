import uuid

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accompagnement.models.transmissions import Transmission
from dui.socle.enums import Action, Bloc
from dui.socle.models import Document, Dossier, LieAuDossierQuerySet


class DecisionPhotosQuerySet(LieAuDossierQuerySet):
    def plus_recentes(self):
        """The last one noted counts."""
        return self.order_by("-note_le", "-pk")


class DecisionPhotos(models.Model):
    """What the person, or who speaks for them, said of photographs taken for care. Never changed:
    an agreement is withdrawn by a later row."""

    BLOC = Bloc.JUR

    class Sens(models.TextChoices):
        ACCORD = "accord", "D’accord"
        REFUS = "refus", "Pas d’accord"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decisions_photos")
    sens = models.CharField("décision", max_length=6, choices=Sens)
    qui = models.CharField("qui", max_length=120)
    qualite = models.CharField("en qualité de", max_length=30)  # code of « qualite_accord »
    le = models.DateField("le")
    precision = models.CharField("précision", max_length=300, blank=True)
    note_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    fonction = models.CharField("fonction", max_length=30)
    note_le = models.DateTimeField("noté le", default=timezone.now)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = DecisionPhotosQuerySet.as_manager()

    class Meta:
        verbose_name = "décision sur les photographies"
        verbose_name_plural = "décisions sur les photographies"
        indexes = [models.Index(fields=["dossier", "-note_le"], name="decision_photos_derniere")]
        constraints = [
            models.CheckConstraint(
                name="decision_photos_par_quelqu_un",
                condition=~Q(qui=""),
                violation_error_message="Écrivez qui l’a dit.",
            ),
        ]

    def __str__(self):
        return f"{self.get_sens_display()}, le {self.le:%d/%m/%Y}"

    @property
    def accordee(self) -> bool:
        return self.sens == self.Sens.ACCORD


class PhotoTransmissionQuerySet(models.QuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """As the transmission: reserved, its photo is too."""
        lisibles = Transmission.objects.visibles(habilitation, action)
        return self.filter(transmission__in=lisibles)

    def avec_accord(self):
        """Adds `accord`, what was last decided: withdrawn, the photo stays and nobody sees it."""
        decisions = DecisionPhotos.objects.filter(dossier=OuterRef("transmission__dossier"))
        derniere = Subquery(decisions.plus_recentes().values("sens")[:1])
        return self.annotate(accord=derniere)

    def montrables(self):
        return self.avec_accord().filter(accord=DecisionPhotos.Sens.ACCORD)


class PhotoTransmission(models.Model):
    """A photograph joined to a transmission; the correction of the transmission keeps it."""

    transmission = models.ForeignKey(Transmission, on_delete=models.PROTECT, related_name="photos")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    jointe_le = models.DateTimeField("jointe le", default=timezone.now)

    objects = PhotoTransmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "photo d’une transmission"
        verbose_name_plural = "photos des transmissions"
        constraints = [
            models.UniqueConstraint(
                fields=["transmission", "document"], name="photo_une_fois_par_transmission"
            )
        ]

    def __str__(self):
        return f"Photo du {timezone.localtime(self.jointe_le):%d/%m/%Y à %H:%M}"
