"""What surrounds an identity: the documents that prove it, the places where one is born."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from dui.socle.enums import Bloc, Confiance, StatutIdentite
from dui.socle.models.dossiers import Dossier, LieAuDossierQuerySet
from dui.socle.models.organisations import Organisme
from dui.socle.models.usagers import Usager


class ReglagePiece(models.Model):
    """What an organisme decides of a document of « piece_identite »: offered or not, and how far
    it is trusted. Nothing here can make a weak document a strong one (services)."""

    organisme = models.ForeignKey(Organisme, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60)
    proposee = models.BooleanField(default=True)
    confiance = models.CharField(max_length=15, choices=Confiance)
    modifie_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    modifie_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "réglage d’une pièce d’identité"
        constraints = [
            models.UniqueConstraint(fields=["organisme", "code"], name="reglage_piece_unique")
        ]


class ControlePiece(models.Model):
    """A document compared with the strict traits: who, when, which, what was seen. Append-only."""

    BLOC = Bloc.ID

    class Resultat(models.TextChoices):
        CONFORME = "conforme", "Traits conformes"
        DIFFERENT = "different", "Un trait au moins diffère"
        ANNULE = "annule", "Contrôle annulé"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    usager = models.ForeignKey(Usager, on_delete=models.PROTECT, related_name="controles")
    resultat = models.CharField("résultat", max_length=10, choices=Resultat)
    piece = models.CharField("pièce", max_length=60, blank=True)
    confiance = models.CharField(max_length=15, choices=Confiance, blank=True)
    differents = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    motif = models.CharField(max_length=200, blank=True)
    statut_avant = models.CharField(max_length=5, choices=StatutIdentite)
    statut_apres = models.CharField("statut après", max_length=5, choices=StatutIdentite)
    fait_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    fait_le = models.DateTimeField(default=timezone.now)

    objects = LieAuDossierQuerySet.as_manager()

    class Meta:
        verbose_name = "contrôle d’une pièce d’identité"
        verbose_name_plural = "contrôles de pièces d’identité"
        indexes = [models.Index(fields=["usager", "-fait_le"], name="controle_usager")]


class LieuNaissance(models.Model):
    """A commune or a country of the COG, with the dates between which the code had this name.

    No date: not known by the file that was loaded. Codes live in `Usager.lieu_naissance_cog`.
    """

    class Nature(models.TextChoices):
        COMMUNE = "commune", "Commune"
        ARRONDISSEMENT = "arrondissement", "Arrondissement municipal"
        ANCIENNE = "ancienne", "Ancienne commune (associée ou déléguée)"
        ANCIEN_CODE = "ancien_code", "Ancien code d’une commune réunie ou renumérotée"
        PAYS = "pays", "Pays ou territoire étranger"

    code = models.CharField(max_length=5)
    libelle = models.CharField("libellé", max_length=100)
    nature = models.CharField(max_length=15, choices=Nature)
    debut = models.DateField("début", null=True, blank=True)
    fin = models.DateField(null=True, blank=True)
    recherche = models.GeneratedField(
        expression=Func(F("libelle"), function="dui_normaliser"),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "lieu de naissance"
        verbose_name_plural = "lieux de naissance"
        indexes = [
            models.Index(fields=["code"], name="lieu_code"),
            models.Index(
                fields=["recherche"], name="lieu_recherche", opclasses=["text_pattern_ops"]
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="lieu_dates_ordonnees",
                condition=Q(debut=None) | Q(fin=None) | Q(fin__gte=F("debut")),
            )
        ]

    def __str__(self):
        return f"{self.libelle} ({self.code})"
