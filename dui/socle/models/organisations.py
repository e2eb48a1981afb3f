import uuid

from django.core.validators import RegexValidator
from django.db import models

from dui.socle.enums import Domaine, MotPersonne

finess = RegexValidator(r"^[0-9][0-9AB][0-9]{7}$", "Un numéro FINESS compte neuf caractères.")


class Organisme(models.Model):
    """Organisme gestionnaire: one per database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nom = models.CharField("raison sociale", max_length=200)
    finess_ej = models.CharField(
        "n° FINESS juridique", max_length=9, unique=True, validators=[finess]
    )

    class Meta:
        verbose_name = "organisme gestionnaire"
        verbose_name_plural = "organismes gestionnaires"

    def __str__(self):
        return self.nom


class Etablissement(models.Model):
    """Établissement ou service social ou médico-social (ESSMS)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="etablissements"
    )
    nom = models.CharField("nom", max_length=200)
    finess = models.CharField("n° FINESS", max_length=9, unique=True, validators=[finess])
    domaine = models.CharField(max_length=3, choices=Domaine)
    categorie = models.CharField("catégorie FINESS", max_length=4, blank=True)
    fuseau = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    mot_personne = models.CharField(
        "mot pour la personne", max_length=12, choices=MotPersonne, default=MotPersonne.RESIDENT
    )
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    adresse = models.CharField(max_length=300, blank=True)
    delai_fermeture_jours = models.PositiveSmallIntegerField(
        "accès de l’équipe après la sortie (jours)", default=30
    )

    class Meta:
        verbose_name = "établissement ou service"
        verbose_name_plural = "établissements et services"
        ordering = ["nom"]

    def __str__(self):
        return self.nom

    @property
    def mot(self) -> MotPersonne:
        return MotPersonne(self.mot_personne)


class Unite(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(
        Etablissement, on_delete=models.PROTECT, related_name="unites"
    )
    nom = models.CharField("nom", max_length=100)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "unité"
        ordering = ["ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "nom"],
                name="unite_nom_unique",
                violation_error_message="Cette unité existe déjà dans l’établissement.",
            )
        ]

    def __str__(self):
        return self.nom


class Place(models.Model):
    """A bed in a room; `ordre` makes rooms sort as a ward counts them (2 before 10)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unite = models.ForeignKey(Unite, on_delete=models.PROTECT, related_name="places")
    chambre = models.CharField(max_length=10)
    lit = models.CharField(max_length=4, blank=True)
    ordre = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["ordre", "chambre", "lit"]
        constraints = [
            models.UniqueConstraint(
                fields=["unite", "chambre", "lit"],
                name="place_unique",
                violation_error_message="Cette place existe déjà dans l’unité.",
            )
        ]

    def __str__(self):
        return f"{self.chambre} {self.lit}".strip()
