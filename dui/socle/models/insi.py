"""What was asked of INSi: each call as it was, what waits for a decision, what a batch verifies."""

import uuid
from datetime import datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from dui.socle.chiffrement import chiffrer, dechiffrer
from dui.socle.enums import Bloc
from dui.socle.models.dossiers import Dossier, LieAuDossierQuerySet
from dui.socle.models.organisations import Etablissement
from dui.socle.models.usagers import Usager


class Chiffre(models.Model):
    """Bytes that the database only holds encrypted, tied to their row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chiffre = models.BinaryField(default=b"")
    cle_enveloppee = models.BinaryField(max_length=40, default=b"")
    id_cle_maitre = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def _contexte(self) -> bytes:
        return f"{self._meta.label_lower}:{self.pk}".encode()

    def enfermer(self, clair: bytes) -> None:
        """Nothing stays nothing."""
        fait = chiffrer(clair, contexte=self._contexte) if clair else (b"", b"", "")
        self.chiffre, self.cle_enveloppee, self.id_cle_maitre = fait

    def relire(self) -> bytes:
        if not self.chiffre:
            return b""
        return dechiffrer(
            bytes(self.chiffre),
            cle_enveloppee=bytes(self.cle_enveloppee),
            id_cle_maitre=self.id_cle_maitre,
            contexte=self._contexte,
        )


class Resultat(models.TextChoices):
    """The gestures of `dui.connecteurs.insi.Geste`, as one reads them in a list."""

    PROPOSER = "proposer", "Identité trouvée"
    REFORMULER = "reformuler", "Personne trouvé"
    PRECISER = "preciser", "Plusieurs personnes trouvées"
    CONFIRMER = "confirmer", "INS confirmée"
    RETROGRADER = "retrograder", "INS refusée"
    REESSAYER = "reessayer", "INSi indisponible"
    CONFIGURER = "configurer", "Réglage à revoir"
    ECARTER = "ecarter", "Réponse écartée"
    INTERDIRE = "interdire", "Appel interdit"


class AppelInsiQuerySet(LieAuDossierQuerySet):
    def du_dossier(self, habilitation, dossier):
        """With those made about the identities that were merged into this one."""
        if not habilitation.peut_pour(dossier, self.model.BLOC):
            return self.none()
        return self.filter(dossier__in=dossier.et_ses_anciens())

    def par_resultat(self, depuis):
        """[{mois, nature, resultat, nombre}] of the operations that left since this day. One
        operation counts once, whatever the calls it took."""
        if not isinstance(depuis, datetime):
            depuis = timezone.make_aware(datetime.combine(depuis, time.min))
        operations = self.filter(le__gte=depuis, conclut=True).exclude(message_id="")
        comptes = operations.annotate(mois=TruncMonth("le")).values("mois", "nature", "resultat")
        return comptes.annotate(nombre=Count("pk")).order_by("mois", "nature", "resultat")

    def a_reprendre(self):
        """The last « no » of a verification, where the INS has not been retrieved again."""
        refus = self.filter(resultat=Resultat.RETROGRADER, usager__ins_recuperee=False)
        return refus.order_by("dossier", "-le", "pk").distinct("dossier")


class AppelInsi(Chiffre):
    """One call, or the refusal to make one (no `message_id`: nothing left). Append-only; what is
    encrypted is the answer, byte for byte, former matricules included.

    `conclut`: the last call of an operation, which bears its result; a search by traits makes one
    call for each first name.
    """

    BLOC = Bloc.IDV

    class Nature(models.TextChoices):
        TRAITS = "traits", "Recherche par les traits"
        VITALE = "vitale", "Recherche par la carte Vitale"
        VERIFICATION = "verification", "Vérification de l’INS"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    usager = models.ForeignKey(Usager, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(max_length=15, choices=Nature)
    le = models.DateTimeField(default=timezone.now)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=160)
    resultat = models.CharField("résultat", max_length=15, choices=Resultat)
    conclut = models.BooleanField(default=True)
    duree_ms = models.PositiveIntegerField("durée (ms)", default=0)
    message_id = models.CharField(max_length=60, blank=True)
    certificat = models.CharField(max_length=64, blank=True)
    statut_http = models.PositiveSmallIntegerField(default=0)

    objects = AppelInsiQuerySet.as_manager()

    class Meta:
        verbose_name = "appel à INSi"
        verbose_name_plural = "appels à INSi"
        indexes = [
            models.Index(fields=["dossier", "-le"], name="appel_insi_dossier"),
            models.Index(fields=["le"], name="appel_insi_le"),
        ]


class AttenteInsiQuerySet(LieAuDossierQuerySet):
    def pour(self, habilitation, dossier):
        """What this very account received about this dossier, and may still decide upon."""
        return self.filter(
            compte=habilitation.compte, dossier=dossier, expire_le__gt=timezone.now()
        )


class AttenteInsi(Chiffre):
    """What was received and waits for a person: the beneficiaries of a card, or an answer. For a
    while, for one account, about one version of the identity."""

    BLOC = Bloc.ID

    class Sorte(models.TextChoices):
        CARTE = "carte", "Carte Vitale lue"
        REPONSE = "reponse", "Réponse d’INSi"

    class Decision(models.TextChoices):
        AUCUNE = "", "En attente"
        ACCEPTEE = "acceptee", "Acceptée"
        REFUSEE = "refusee", "Refusée"

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="+")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sorte = models.CharField(max_length=10, choices=Sorte)
    nature = models.CharField(max_length=15, choices=AppelInsi.Nature, blank=True)
    version = models.PositiveIntegerField()
    recue_le = models.DateTimeField(default=timezone.now)
    expire_le = models.DateTimeField()
    decision = models.CharField("décision", max_length=10, choices=Decision, blank=True, default="")

    objects = AttenteInsiQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse d’INSi en attente"
        indexes = [
            models.Index(fields=["dossier", "compte"], name="attente_insi_qui"),
            models.Index(fields=["expire_le"], name="attente_insi_fin"),
        ]


class LotVerification(models.Model):
    """A verification in batch, asked by the cellule for one establishment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    demande_le = models.DateTimeField(default=timezone.now)
    depuis = models.DateField("qualifiées depuis le")

    class Meta:
        verbose_name = "lot de vérifications d’INS"
        verbose_name_plural = "lots de vérifications d’INS"

    @property
    def file(self) -> str:
        """Its queue of the outbox: one after the other, and none when INSi is down."""
        return f"insi:{self.pk}"


class VerificationDemandee(models.Model):
    """One identity of a batch. No `resultat`: not done yet."""

    BLOC = Bloc.IDV

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lot = models.ForeignKey(LotVerification, on_delete=models.PROTECT, related_name="demandees")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    resultat = models.CharField(max_length=15, choices=Resultat, blank=True)
    motif = models.CharField(max_length=200, blank=True)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)

    objects = LieAuDossierQuerySet.as_manager()

    class Meta:
        verbose_name = "vérification d’INS demandée"
        verbose_name_plural = "vérifications d’INS demandées"
        constraints = [
            models.UniqueConstraint(fields=["lot", "dossier"], name="verification_une_par_lot")
        ]
