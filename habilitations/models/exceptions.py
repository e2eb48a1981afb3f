"""What opens a dossier outside the ordinary rule: broken glass, nominative grants."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from dui.socle.models import Dossier


class BrisDeGlaceQuerySet(models.QuerySet):
    def en_cours(self):
        return self.filter(expire_le__gt=timezone.now())


class BrisDeGlace(models.Model):
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    motif = models.TextField()
    ouvert_le = models.DateTimeField(auto_now_add=True)
    expire_le = models.DateTimeField()

    objects = BrisDeGlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "bris de glace"
        verbose_name_plural = "bris de glace"
        indexes = [models.Index(fields=["compte", "dossier"], name="bris_compte_dossier")]


class AccesNominatifQuerySet(models.QuerySet):
    def en_cours(self, le=None):
        le = le or timezone.localdate()
        return self.filter(Q(fin=None) | Q(fin__gte=le))


class AccesNominatif(UserObjectPermissionBase):
    """A nominative right on one dossier (guardian, direct foreign key): portal, derogations."""

    content_object = models.ForeignKey(Dossier, on_delete=models.CASCADE)
    fin = models.DateField(null=True, blank=True)
    motif = models.CharField(max_length=200, blank=True)
    qualite = models.CharField("en qualité de", max_length=20, blank=True)

    objects = AccesNominatifQuerySet.as_manager()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "accès nominatif"
        verbose_name_plural = "accès nominatifs"
