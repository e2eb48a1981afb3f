"""Open sessions, as their account sees and closes them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from habilitations.models.psc import FlotPSC


class Methode(models.TextChoices):
    CODE = "code", "Mot de passe et code"
    SECOURS = "secours", "Mot de passe et code de secours"
    CLE_SECOND = "cle_second", "Mot de passe et clé d’accès"
    CLE = "cle", "Clé d’accès"
    CODE_PERSONNEL = "code_personnel", "Code personnel sur un poste partagé"


class SessionOuverteQuerySet(models.QuerySet):
    def en_cours(self):
        duree = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.filter(derniere_activite__gte=timezone.now() - duree)

    def visibles(self, habilitation):
        return self.filter(compte=habilitation.compte).en_cours()


class SessionOuverte(models.Model):
    """`empreinte`: SHA-256 of the session key, which is itself a secret of 190 bits."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions_ouvertes"
    )
    empreinte = models.CharField(max_length=64, unique=True)
    ouverte_le = models.DateTimeField(default=timezone.now)
    derniere_activite = models.DateTimeField(default=timezone.now)
    methode = models.CharField("méthode", max_length=15, blank=True)
    poste = models.ForeignKey(
        "habilitations.PosteDeTravail",
        null=True,
        on_delete=models.SET_NULL,
        related_name="sessions",
    )
    navigateur = models.CharField(max_length=60, blank=True)

    objects = SessionOuverteQuerySet.as_manager()

    class Meta:
        verbose_name = "session ouverte"
        verbose_name_plural = "sessions ouvertes"
        indexes = [models.Index(fields=["compte", "-derniere_activite"], name="session_compte")]

    @property
    def moyen(self) -> str:
        connus = [*Methode.choices, *FlotPSC.Methode.choices]
        return dict(connus).get(self.methode, self.methode)
