import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dui.socle.enums import Action, Bloc

SILENCE = timedelta(seconds=60)


class ImportationQuerySet(models.QuerySet):
    def visibles(self, habilitation):
        """Whoever may register stays in an establishment follows all of its imports."""
        lieux = habilitation.etablissements(Bloc.ADM, Action.SAISIR)
        return self.filter(etablissement__in=lieux)

    def recentes(self):
        return self.select_related("etablissement", "compte").order_by("-deposee_le", "pk")


class Importation(models.Model):
    """A list of persons handed in as a file, from its deposit to its result.

    The file is encrypted in the document store and erased once the import is over. The counters
    are written outside the transaction of the import, so that its progress is visible.
    """

    class Etat(models.TextChoices):
        DEPOSEE = "deposee", "Colonnes à vérifier"
        CORRESPONDANCE = "correspondance", "Colonnes vérifiées"
        SIMULATION = "simulation", "Essai en cours"
        SIMULEE = "simulee", "Essai terminé"
        EN_COURS = "en_cours", "Import en cours"
        TERMINEE = "terminee", "Importée"
        ANNULEE = "annulee", "Annulée"
        ECHOUEE = "echouee", "Refusée"

    EN_TRAVAIL = (Etat.SIMULATION, Etat.EN_COURS)
    FINIES = (Etat.TERMINEE, Etat.ANNULEE, Etat.ECHOUEE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(
        "socle.Etablissement", on_delete=models.PROTECT, related_name="importations"
    )
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nom_fichier = models.CharField("fichier", max_length=150)
    taille = models.PositiveBigIntegerField("taille (octets)")
    chemin = models.CharField(max_length=200, blank=True)
    cle_enveloppee = models.BinaryField(max_length=40)
    id_cle_maitre = models.CharField(max_length=20)
    etat = models.CharField("état", max_length=15, choices=Etat, default=Etat.DEPOSEE)
    entete = models.PositiveIntegerField("ligne de titres", default=1)
    correspondance = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    simulation = models.JSONField("résultat de l’essai", default=dict)
    avertissements = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    faites = models.PositiveIntegerField(default=0)
    creees = models.PositiveIntegerField("créées", default=0)
    mises_a_jour = models.PositiveIntegerField("mises à jour", default=0)
    ignorees = models.PositiveIntegerField("déjà présentes", default=0)
    rejetees = models.PositiveIntegerField("rejetées", default=0)
    motif = models.CharField(max_length=300, blank=True)
    annulation_demandee = models.BooleanField(default=False)
    deposee_le = models.DateTimeField(auto_now_add=True)
    demarree_le = models.DateTimeField(null=True, blank=True)
    signe_le = models.DateTimeField("dernier signe du travail", null=True, blank=True)
    finie_le = models.DateTimeField(null=True, blank=True)

    objects = ImportationQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        indexes = [
            models.Index(fields=["etablissement", "-deposee_le"], name="importation_etablissement")
        ]
        constraints = [
            models.CheckConstraint(
                name="importation_finie_datee",
                condition=~Q(etat__in=["terminee", "annulee", "echouee"])
                | Q(finie_le__isnull=False),
                violation_error_message="Un import fini porte sa date de fin.",
            )
        ]

    def __str__(self):
        return self.nom_fichier

    @property
    def finie(self) -> bool:
        return self.etat in self.FINIES

    @property
    def en_travail(self) -> bool:
        return self.etat in self.EN_TRAVAIL

    @property
    def colonnes(self) -> dict[int, str]:
        """{rank of the file's column: code of the target}; JSON only knows text keys."""
        return {int(rang): code for rang, code in self.correspondance.items()}

    @property
    def sans_nouvelles(self) -> bool:
        """Asked for, and no sign of work for a minute: the queue or its worker is down."""
        dernier = self.signe_le or self.demarree_le or self.deposee_le
        return self.en_travail and timezone.now() - dernier > SILENCE

    @property
    def duree(self):
        debut = self.demarree_le or self.deposee_le
        return (self.finie_le or timezone.now()) - debut


class LigneRejetee(models.Model):
    """Why a line was not imported; erased and written again by each run."""

    importation = models.ForeignKey(Importation, on_delete=models.CASCADE, related_name="rejets")
    ligne = models.PositiveIntegerField()
    colonne = models.CharField(max_length=60)
    valeur = models.CharField(max_length=100, blank=True)
    raison = models.CharField(max_length=300)
    que_faire = models.CharField("que faire", max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne rejetée"
        verbose_name_plural = "lignes rejetées"
        ordering = ["ligne", "pk"]
        indexes = [models.Index(fields=["importation", "ligne"], name="rejet_ligne")]

    def __str__(self):
        return f"Ligne {self.ligne} : {self.raison}"
