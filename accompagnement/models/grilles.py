import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dui.socle.enums import Domaine


class Grille(models.Model):
    """A grid that the establishment brought, in one version. It never changes: what was answered
    with it stays readable. A change is another version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=30)
    version = models.CharField(max_length=20)
    nom = models.CharField(max_length=120)
    contenu = models.JSONField("définition")
    importee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    importee_le = models.DateTimeField("importée le", default=timezone.now)

    class Meta:
        verbose_name = "grille"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="grille_version_unique",
                violation_error_message="Cette version de cette grille existe déjà.",
            ),
        ]

    def __str__(self):
        return f"{self.nom} ({self.version})"


class PublicationGrilleQuerySet(models.QuerySet):
    def pour(self, etablissements):
        """Those that reach one of these houses, by its name or by its domain."""
        maisons = list(etablissements)
        return self.filter(
            Q(etablissement__in=maisons) | Q(domaine__in={m.domaine for m in maisons})
        )

    def en_cours(self, depuis=None):
        """Not withdrawn; or withdrawn after `depuis`."""
        encore = Q(retiree_le=None)
        return self.filter(encore | Q(retiree_le__gte=depuis) if depuis else encore)


class PublicationGrille(models.Model):
    """Where a version is offered, from when, and until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grille = models.ForeignKey(Grille, on_delete=models.PROTECT, related_name="publications")
    etablissement = models.ForeignKey(
        "socle.Etablissement", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    domaine = models.CharField(max_length=3, choices=Domaine, blank=True)
    publiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    publiee_le = models.DateTimeField("publiée le", default=timezone.now)
    retiree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = PublicationGrilleQuerySet.as_manager()

    class Meta:
        verbose_name = "publication d’une grille"
        verbose_name_plural = "publications des grilles"
        constraints = [
            models.CheckConstraint(
                name="publication_maison_ou_domaine",
                condition=Q(etablissement=None) ^ Q(domaine=""),
                violation_error_message="Une grille se publie dans un établissement ou un domaine.",
            ),
            models.UniqueConstraint(
                fields=["grille", "etablissement"],
                condition=Q(retiree_le=None, domaine=""),
                name="publication_une_par_maison",
            ),
            models.UniqueConstraint(
                fields=["grille", "domaine"],
                condition=Q(retiree_le=None, etablissement=None),
                name="publication_une_par_domaine",
            ),
        ]

    def __str__(self):
        return str(self.etablissement or self.get_domaine_display())
