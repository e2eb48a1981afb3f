"""A project that is lived: what became of each objective, the reviews, the evidence. All is added
to, never rewritten."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accompagnement.models.projets import AUTEUR, COMPTE, ElementProjet, Projet, VersionProjet


class SuiviProjet(models.Model):
    """What is noted one day of an element (or of the project itself, `element` empty): its state,
    how far it is, what was seen. The last one counts; none is rewritten."""

    class Statut(models.TextChoices):
        EN_PREPARATION = "EN_PREPARATION", "En préparation"
        ACTIF = "ACTIF", "En cours"
        TERMINE = "TERMINE", "Terminé"
        ANNULE = "ANNULE", "Abandonné"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    projet = models.ForeignKey(Projet, on_delete=models.PROTECT, related_name="suivis")
    element = models.ForeignKey(
        ElementProjet, null=True, on_delete=models.PROTECT, related_name="suivis"
    )
    statut = models.CharField(max_length=15, blank=True)
    motif = models.CharField("motif de non-réalisation", max_length=20, blank=True)
    pourcentage = models.PositiveSmallIntegerField("avancement", null=True, blank=True)
    constat = models.CharField(max_length=500, blank=True)
    le = models.DateField("constaté le")
    auteur = models.ForeignKey(COMPTE, **AUTEUR)
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = "suivi d’un projet"
        verbose_name_plural = "suivis des projets"
        indexes = [models.Index(fields=["projet", "le", "ecrit_le"], name="suivi_projet_du")]
        constraints = [
            models.CheckConstraint(
                name="suivi_projet_pourcentage",
                condition=Q(pourcentage=None) | Q(pourcentage__lte=100),
                violation_error_message="L’avancement va de 0 à 100 %.",
            ),
            models.CheckConstraint(
                name="suivi_projet_dit_quelque_chose",
                condition=~Q(statut="", pourcentage=None, constat=""),
                violation_error_message="Notez un état, un avancement ou un constat.",
            ),
            models.CheckConstraint(
                name="suivi_projet_abandon_motive",
                condition=~Q(statut="ANNULE") | ~Q(motif=""),
                violation_error_message="Dites pourquoi cela n’a pas été réalisé.",
            ),
        ]

    def __str__(self):
        return f"Suivi du {self.le:%d/%m/%Y}"


class BilanProjet(models.Model):
    """A review held one day about one version; frozen once written."""

    class Nature(models.TextChoices):
        PARTIEL = "PARTIEL", "Partiel"
        INTERMEDIAIRE = "INTERMEDIAIRE", "Intermédiaire"
        FINAL = "FINAL", "Final"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    projet = models.ForeignKey(Projet, on_delete=models.PROTECT, related_name="bilans")
    version = models.ForeignKey(VersionProjet, on_delete=models.PROTECT, related_name="bilans")
    nature = models.CharField(max_length=15, choices=Nature)
    le = models.DateField("tenu le")
    perimetre = models.CharField("périmètre", max_length=300, blank=True)
    problematique = models.TextField("problématique", blank=True)
    parole = models.TextField("ce qu’en dit la personne", blank=True)
    synthese = models.TextField("synthèse")
    invites = models.CharField("invités", max_length=500, blank=True)
    prochain_le = models.DateField("prochain bilan", null=True, blank=True)
    auteur = models.ForeignKey(COMPTE, **AUTEUR)
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    class Meta:
        verbose_name = "bilan d’un projet"
        verbose_name_plural = "bilans des projets"
        indexes = [models.Index(fields=["projet", "-le"], name="bilan_du_projet")]
        constraints = [
            models.CheckConstraint(
                name="bilan_projet_prochain_apres",
                condition=Q(prochain_le=None) | Q(prochain_le__gt=F("le")),
                violation_error_message="Le prochain bilan suit celui-ci.",
            ),
        ]

    def __str__(self):
        return f"Bilan du {self.le:%d/%m/%Y}"


class Preuve(models.Model):
    """A trace of another page that speaks for or against an objective. The trace stays where it is,
    read by its own rights (registry `sources_preuves`)."""

    class Sens(models.TextChoices):
        POUR = "pour", "Va dans le sens"
        CONTRE = "contre", "Va contre"
        NEUTRE = "neutre", "Neutre"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    projet = models.ForeignKey(Projet, on_delete=models.PROTECT, related_name="preuves")
    objectif = models.ForeignKey(ElementProjet, on_delete=models.PROTECT, related_name="preuves")
    source = models.CharField(max_length=20)
    trace = models.UUIDField()
    sens = models.CharField(max_length=10, choices=Sens)
    survenu_le = models.DateTimeField("survenu le")
    liee_par = models.ForeignKey(COMPTE, **AUTEUR)
    fonction = models.CharField(max_length=30)
    liee_le = models.DateTimeField("reliée le", default=timezone.now)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "trace reliée à un objectif"
        verbose_name_plural = "traces reliées aux objectifs"
        indexes = [
            models.Index(
                fields=["projet", "-survenu_le"],
                name="preuve_du_projet",
                condition=Q(retiree_le=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["objectif", "source", "trace"],
                condition=Q(retiree_le=None),
                name="preuve_une_fois_par_objectif",
            )
        ]

    def __str__(self):
        return self.get_sens_display()
