import uuid

from django.db import models
from simple_history.models import HistoricalRecords

from dui.socle.enums import Bloc, Civilite
from dui.socle.models.dossiers import Dossier, LieAuDossierQuerySet


class ContactQuerySet(LieAuDossierQuerySet):
    def dans_l_ordre(self):
        return self.order_by("ordre_appel", "nom", "pk")


class Contact(models.Model):
    """Entourage: who matters to the person, and in which order to call.

    `role` is a code of TRE_R260, `relation` of TRE_R216 (nomenclatures « role_contact »,
    « relation_contact »).
    """

    BLOC = Bloc.ENT

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="contacts")
    civilite = models.CharField("civilité", max_length=4, choices=Civilite, blank=True)
    nom = models.CharField(max_length=100)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    role = models.CharField("rôle", max_length=20)
    relation = models.CharField("lien avec la personne", max_length=20, blank=True)
    ordre_appel = models.PositiveSmallIntegerField("ordre d’appel", default=1)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    telephone_2 = models.CharField("autre téléphone", max_length=20, blank=True)
    courriel = models.EmailField(blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    code_postal = models.CharField(max_length=10, blank=True)
    ville = models.CharField(max_length=100, blank=True)
    disponibilite = models.CharField("quand appeler", max_length=100, blank=True)
    personne_confiance = models.BooleanField("personne de confiance", default=False)
    representant_legal = models.BooleanField("représentant légal", default=False)
    commentaire = models.CharField(max_length=300, blank=True)
    actif = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ContactQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "contact"
        indexes = [models.Index(fields=["dossier", "ordre_appel"], name="contact_ordre")]

    def __str__(self):
        return f"{self.prenom} {self.nom.upper()}".strip()
