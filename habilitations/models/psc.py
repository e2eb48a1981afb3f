"""Pro Santé Connect: who is whom, a sign-in on its way, a session and its tokens."""

import hashlib
import json
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.chiffrement import chiffrer, dechiffrer
from dui.socle.requetes import HistoriseQuerySet


class IdentiteProfessionnelle(models.Model):
    """The national identity (SubjectNameID) of an account, declared by an administrator before the
    first sign-in. A name or an e-mail never links anybody."""

    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="identites_professionnelles",
    )
    emetteur = models.CharField("émetteur", max_length=200)
    identifiant_national = models.CharField("identifiant national", max_length=50)

    objects = HistoriseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "identité professionnelle"
        verbose_name_plural = "identités professionnelles"
        constraints = [
            models.UniqueConstraint(
                fields=["emetteur", "identifiant_national"],
                name="identite_pro_unique",
                violation_error_message="Cet identifiant national est déjà celui d’un compte.",
            )
        ]

    def __str__(self):
        return f"{self.compte} · {self.identifiant_national}"


def empreinte(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class FlotPSCQuerySet(models.QuerySet):
    def attendus(self):
        """Still worth something: neither used nor too old."""
        return self.filter(consomme_le=None, expire_le__gt=timezone.now())


class FlotPSC(models.Model):
    """A sign-in that has left for the provider. It comes back once, to the same browser."""

    class Methode(models.TextChoices):
        CODE = "psc", "Pro Santé Connect"
        CIBA = "psc_ciba", "Pro Santé Connect, e-CPS sur un autre appareil"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    methode = models.CharField(max_length=10, choices=Methode)
    # Hashes: who reads the table cannot come back in somebody's place.
    etat = models.CharField(max_length=64, unique=True)
    navigateur = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64, blank=True)
    verificateur = models.CharField(max_length=128, blank=True)
    # CIBA: what is asked for again, how often, and what both screens show.
    demande = models.CharField(max_length=500, blank=True)
    intervalle = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=20, blank=True)
    cible = models.CharField(max_length=64, blank=True, db_index=True)
    releve_le = models.DateTimeField(null=True)
    suite = models.JSONField(default=dict)
    cree_le = models.DateTimeField(auto_now_add=True)
    expire_le = models.DateTimeField()
    consomme_le = models.DateTimeField(null=True)

    objects = FlotPSCQuerySet.as_manager()

    class Meta:
        verbose_name = "connexion Pro Santé Connect en cours"
        indexes = [models.Index(fields=["expire_le"], name="flot_psc_expire")]


class SessionPSCQuerySet(models.QuerySet):
    def a_renouveler(self):
        """In use, and not confirmed by the provider for a while. An idle one locks by itself."""
        maintenant = timezone.now()
        return self.filter(
            ouverte_le__isnull=False,
            refusee_le=None,
            renouvelee_le__lte=maintenant - timedelta(seconds=settings.PSC_RENOUVELLEMENT),
            active_le__gte=maintenant - timedelta(seconds=settings.DELAI_VERROUILLAGE),
        )


class SessionPSC(models.Model):
    """The session of Pro Santé Connect behind a session of ours. Its tokens stay here, encrypted:
    a cookie, a page or a log never holds one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    methode = models.CharField(max_length=10, choices=FlotPSC.Methode)
    sub = models.CharField(max_length=255)
    jetons = models.BinaryField()
    cle_enveloppee = models.BinaryField()
    id_cle_maitre = models.CharField(max_length=20)
    # The practices of which the person chooses one.
    pratiques = models.JSONField(default=list)
    suite = models.JSONField(default=dict)
    cree_le = models.DateTimeField(auto_now_add=True)
    ouverte_le = models.DateTimeField(null=True)
    active_le = models.DateTimeField(default=timezone.now)
    renouvelee_le = models.DateTimeField(default=timezone.now)
    refusee_le = models.DateTimeField(null=True)

    objects = SessionPSCQuerySet.as_manager()

    class Meta:
        verbose_name = "session Pro Santé Connect"
        indexes = [models.Index(fields=["renouvelee_le"], name="session_psc_renouvelee")]

    def ranger_jetons(self, *, identite: str, renouvellement: str) -> None:
        """The caller saves."""
        clair = json.dumps({"identite": identite, "renouvellement": renouvellement}).encode()
        self.jetons, self.cle_enveloppee, self.id_cle_maitre = chiffrer(
            clair, contexte=self.pk.bytes
        )

    def lire_jetons(self) -> dict[str, str]:
        clair = dechiffrer(
            bytes(self.jetons),
            cle_enveloppee=bytes(self.cle_enveloppee),
            id_cle_maitre=self.id_cle_maitre,
            contexte=self.pk.bytes,
        )
        return json.loads(clair)
