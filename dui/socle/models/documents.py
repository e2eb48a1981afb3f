import uuid

from django.conf import settings
from django.db import models

from dui.socle.enums import Bloc
from dui.socle.models.dossiers import Dossier, LieAuDossierQuerySet


class DocumentQuerySet(LieAuDossierQuerySet):
    def visibles(self, habilitation, action="voir"):
        """A document belongs to the block it was filed in, not to the model's."""
        condition = models.Q(pk__in=[])
        for bloc in Bloc.values:
            if habilitation.peut(bloc, action):
                dossiers = Dossier.objects.visibles(habilitation, bloc, action)
                condition |= models.Q(bloc=bloc, dossier__in=dossiers.values("pk"))
        return self.filter(condition)

    def derniers(self):
        return self.filter(remplace_par=None)


class Document(models.Model):
    """A file at rest: encrypted, its own key wrapped by a master key, never changed.

    A new version is a new row that `remplace` the former one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="documents")
    bloc = models.CharField(max_length=5, choices=Bloc)
    type = models.CharField("type de document", max_length=30)
    titre = models.CharField(max_length=200)
    remplace = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remplace_par"
    )
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveBigIntegerField("taille (octets)")
    sha256 = models.BinaryField(max_length=32)
    chemin = models.CharField(max_length=200, unique=True)
    cle_enveloppee = models.BinaryField(max_length=40)
    id_cle_maitre = models.CharField(max_length=20)
    depose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    depose_le = models.DateTimeField(auto_now_add=True)
    communicable_le = models.DateTimeField("communicable le", null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        indexes = [models.Index(fields=["dossier", "-depose_le"], name="document_dossier")]

    def __str__(self):
        return self.titre
