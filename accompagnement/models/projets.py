"""The project of a person: its versions, and who agreed.

Only the draft of a version changes. All the rest is added to, never rewritten."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from dui.socle.enums import Bloc
from dui.socle.models import Dossier, Etablissement, LieAuDossierQuerySet

COMPTE = settings.AUTH_USER_MODEL
AUTEUR: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class ProjetQuerySet(LieAuDossierQuerySet):
    def ouverts(self):
        return self.exclude(statut=Projet.Statut.TERMINE)

    def plus_recents(self):
        """The one that is lived first, then the last begun."""
        fini = models.Case(
            models.When(statut=Projet.Statut.TERMINE, then=1),
            default=0,
            output_field=models.SmallIntegerField(),
        )
        return self.order_by(fini, "-cree_le", "pk")

    def dont_je_suis_referent(self, habilitation):
        return self.filter(referent=habilitation.compte)


class Projet(models.Model):
    """One accompaniment in one house. What it says is in its versions; these columns repeat what
    lists ask of the version in force."""

    BLOC = Bloc.PP

    class Statut(models.TextChoices):
        EN_PREPARATION = "EN_PREPARATION", "En préparation"
        EN_COURS = "EN_COURS", "En cours"
        EN_PAUSE = "EN_PAUSE", "En pause"
        TERMINE = "TERMINE", "Terminé"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="projets")
    etablissement = models.ForeignKey(Etablissement, **AUTEUR)
    trame = models.CharField(max_length=20)
    titre = models.CharField(max_length=200)
    type = models.CharField(max_length=10)
    statut = models.CharField(max_length=15, choices=Statut, default=Statut.EN_PREPARATION)
    referent = models.ForeignKey(COMPTE, null=True, blank=True, verbose_name="référent", **AUTEUR)
    date_debut = models.DateField("début", null=True, blank=True)
    date_fin = models.DateField("fin", null=True, blank=True)
    revision_le = models.DateField("à revoir le", null=True, blank=True)
    # Why the review comes before its date: list « evenement_de_vie »; empty, the yearly one.
    revision_motif = models.CharField("raison de la révision", max_length=30, blank=True)
    cree_le = models.DateTimeField("ouvert le", default=timezone.now)
    cree_par = models.ForeignKey(COMPTE, **AUTEUR)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = ProjetQuerySet.as_manager()

    class Meta:
        verbose_name = "projet personnalisé"
        verbose_name_plural = "projets personnalisés"
        indexes = [
            models.Index(fields=["dossier", "-cree_le"], name="projet_du_dossier"),
            models.Index(
                fields=["referent", "revision_le"],
                name="projet_a_revoir",
                condition=~Q(statut="TERMINE"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="projet_dates_ordonnees",
                condition=Q(date_fin=None) | Q(date_debut=None) | Q(date_fin__gte=F("date_debut")),
                violation_error_message="La fin précède le début.",
            ),
        ]

    def __str__(self):
        return self.titre

    @property
    def termine(self) -> bool:
        return self.statut == self.Statut.TERMINE


class VersionProjetQuerySet(models.QuerySet):
    def arretees(self):
        return self.filter(etat=VersionProjet.Etat.ARRETEE)

    def brouillons(self):
        return self.filter(etat=VersionProjet.Etat.BROUILLON)

    def en_vigueur(self):
        return self.arretees().filter(courante=True)

    def avec_accords(self):
        """With what was said of each, in the same query (`accords_dits`)."""
        noms = ("partie", "qui", "qualite", "avis", "moyen", "le", "duree_mois", "commentaire")
        accords = AccordProjet.objects.filter(version=models.OuterRef("pk"))
        accords = accords.order_by("saisi_le", "pk").values(a=JSONObject(**{n: n for n in noms}))
        return self.annotate(accords_dits=ArraySubquery(accords))


class VersionProjet(models.Model):
    """The whole project at one moment (`contenu`: accompagnement/projets/contenu.py). A draft is
    shared by the team; once settled, a database trigger freezes it."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "En préparation"
        ARRETEE = "arretee", "Arrêtée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    projet = models.ForeignKey(Projet, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.BROUILLON)
    contenu = models.JSONField(default=dict)
    motif = models.CharField("pourquoi cette version", max_length=30, blank=True)
    precision = models.CharField("précision", max_length=300, blank=True)
    courante = models.BooleanField("version en vigueur", default=False)
    auteur = models.ForeignKey(COMPTE, **AUTEUR)
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    ecrite_le = models.DateTimeField("ouverte le", default=timezone.now)
    arretee_le = models.DateTimeField("arrêtée le", null=True, blank=True)
    arretee_par = models.ForeignKey(COMPTE, null=True, blank=True, **AUTEUR)
    fonction_arret = models.CharField("fonction de qui l’arrête", max_length=30, blank=True)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = VersionProjetQuerySet.as_manager()

    class Meta:
        verbose_name = "version d’un projet"
        verbose_name_plural = "versions des projets"
        constraints = [
            models.UniqueConstraint(fields=["projet", "numero"], name="version_projet_numero"),
            models.UniqueConstraint(
                fields=["projet"],
                condition=Q(etat="brouillon"),
                name="version_projet_un_brouillon",
                violation_error_message="Une version est déjà en préparation.",
            ),
            models.UniqueConstraint(
                fields=["projet"],
                condition=Q(courante=True),
                name="version_projet_une_en_vigueur",
                violation_error_message="Une seule version est en vigueur.",
            ),
            models.CheckConstraint(
                name="version_projet_arretee_par_quelqu_un",
                condition=Q(etat="brouillon", arretee_le=None, arretee_par=None, courante=False)
                | Q(etat="arretee", arretee_le__isnull=False, arretee_par__isnull=False),
                violation_error_message="Une version arrêtée dit par qui et quand.",
            ),
        ]

    def __str__(self):
        return f"Version {self.numero}"

    @property
    def arretee(self) -> bool:
        return self.etat == self.Etat.ARRETEE


class ElementProjet(models.Model):
    """What a version names and that lives from one version to the next: an objective, an action, a
    means, a service. Its key is that of the element in `contenu`."""

    id = models.UUIDField(primary_key=True, editable=False)
    projet = models.ForeignKey(Projet, on_delete=models.PROTECT, related_name="elements")
    genre = models.CharField(max_length=15)

    class Meta:
        verbose_name = "élément d’un projet"
        verbose_name_plural = "éléments des projets"

    def __str__(self):
        return self.genre


class AccordProjet(models.Model):
    """What somebody said of one version: it never speaks for another. The last word of the same
    person on a version counts; the former ones stay."""

    class Partie(models.TextChoices):
        USAGER = "usager", "La personne et son entourage"
        STRUCTURE = "structure", "La structure"

    class Avis(models.TextChoices):
        ACCORD = "accord", "Accord"
        REFUS = "refus", "Refus"
        SANS_EXPRESSION = "sans_expression", "Ne peut s’exprimer"

    class Forme(models.TextChoices):
        CONSTATE = "constate", "Constaté par un professionnel"
        SIGNATURE = "signature", "Signé dans un circuit de signature"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(VersionProjet, on_delete=models.PROTECT, related_name="accords")
    partie = models.CharField(max_length=10, choices=Partie)
    qui = models.CharField("qui", max_length=120)
    qualite = models.CharField("en qualité de", max_length=30)
    avis = models.CharField(max_length=16, choices=Avis)
    moyen = models.CharField("de quelle façon", max_length=20)
    le = models.DateField("le")
    duree_mois = models.PositiveSmallIntegerField("valable (mois)", null=True, blank=True)
    # Of a refusal, its reasons; of who cannot say, what was tried.
    commentaire = models.TextField(blank=True)
    forme = models.CharField(max_length=10, choices=Forme, default=Forme.CONSTATE)
    saisi_par = models.ForeignKey(COMPTE, **AUTEUR)
    fonction = models.CharField("fonction", max_length=30)
    saisi_le = models.DateTimeField("noté le", default=timezone.now)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = "accord sur un projet"
        verbose_name_plural = "accords sur les projets"
        indexes = [models.Index(fields=["version", "saisi_le"], name="accord_de_la_version")]
        constraints = [
            models.CheckConstraint(
                name="accord_sans_expression_explique",
                condition=~Q(avis="sans_expression") | ~Q(commentaire=""),
                violation_error_message="Dites ce qui a été essayé pour recueillir l’avis.",
            ),
        ]

    def __str__(self):
        return f"{self.get_avis_display()} du {self.le:%d/%m/%Y}"
