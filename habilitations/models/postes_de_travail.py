"""Shared workstations: which ones are known, who may come back to them with a short code."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dui.socle.models import Etablissement, Unite
from habilitations.models.roles import Role

# Below two minutes the warning of the last minute would never leave; two hours is the most that
# the Ségur programme accepts (IE.58).
DELAI = [
    MinValueValidator(2, "Deux minutes au moins."),
    MaxValueValidator(120, "Deux heures au plus."),
]


class PosteDeTravailQuerySet(models.QuerySet):
    def visibles(self, habilitation):
        """Those of the houses that the account supervises whole, and of its units elsewhere."""
        lieux = habilitation.encadres
        maisons, unites = lieux.get("etablissement", ()), lieux.get("unite", ())
        return self.filter(Q(etablissement__in=maisons) | Q(unite__in=unites))

    def en_service(self):
        return self.filter(revoque_le=None)


class PosteDeTravail(models.Model):
    """`empreinte`: SHA-256 of the secret (256 bits) that the browser of the workstation keeps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    nom = models.CharField("nom du poste", max_length=60)
    empreinte = models.CharField(max_length=64)
    delai_minutes = models.PositiveSmallIntegerField(
        "verrouillage après (minutes)", null=True, blank=True, validators=DELAI
    )
    enrole_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    enrole_le = models.DateTimeField(auto_now_add=True)
    revoque_le = models.DateTimeField(null=True, blank=True)

    objects = PosteDeTravailQuerySet.as_manager()

    class Meta:
        verbose_name = "poste de travail"
        verbose_name_plural = "postes de travail"
        ordering = ["nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "nom"],
                condition=Q(revoque_le=None),
                name="poste_de_travail_nom_unique",
                violation_error_message="Un poste en service porte déjà ce nom.",
            )
        ]

    def __str__(self):
        return self.nom


class PassageQuerySet(models.QuerySet):
    def en_cours(self):
        """Both factors were proven there within the shift, and the account is still open."""
        debut = timezone.now() - timedelta(hours=settings.DUREE_DU_PASSAGE)
        return self.filter(prouve_le__gte=debut, poste__revoque_le=None, compte__is_active=True)


class PassageAuPoste(models.Model):
    """This account signed in here with two factors, at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poste = models.ForeignKey(PosteDeTravail, on_delete=models.CASCADE, related_name="passages")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    prouve_le = models.DateTimeField(default=timezone.now)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = "passage au poste"
        verbose_name_plural = "passages au poste"
        constraints = [models.UniqueConstraint(fields=["poste", "compte"], name="passage_unique")]


class CodePersonnel(models.Model):
    """The short code of an account, worth something on an enrolled workstation only."""

    compte = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="code_personnel"
    )
    empreinte = models.CharField(max_length=128)
    echecs = models.PositiveSmallIntegerField(default=0)
    choisi_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "code personnel"
        verbose_name_plural = "codes personnels"


class DelaiVerrouillageQuerySet(models.QuerySet):
    def visibles(self, habilitation):
        """A delay holds for a whole house: only who supervises it whole sets it."""
        return self.filter(etablissement__in=habilitation.encadres.get("etablissement", ()))


class DelaiVerrouillage(models.Model):
    """Minutes without a gesture before the lock: of the establishment, or of one role in it."""

    etablissement = models.ForeignKey(
        Etablissement, on_delete=models.CASCADE, related_name="delais_verrouillage"
    )
    role = models.ForeignKey(
        Role, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    minutes = models.PositiveSmallIntegerField(validators=DELAI)

    objects = DelaiVerrouillageQuerySet.as_manager()

    class Meta:
        verbose_name = "délai de verrouillage"
        verbose_name_plural = "délais de verrouillage"
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "role"],
                nulls_distinct=False,
                name="delai_verrouillage_unique",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=2) & Q(minutes__lte=120),
                name="delai_verrouillage_borne",
                violation_error_message="Entre deux minutes et deux heures.",
            ),
        ]
