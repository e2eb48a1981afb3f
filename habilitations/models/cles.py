"""Passkeys and security keys (WebAuthn)."""

import uuid

from django.conf import settings
from django.db import models


class CleAccesQuerySet(models.QuerySet):
    def visibles(self, habilitation):
        return self.filter(compte=habilitation.compte)


class CleAcces(models.Model):
    """`donnees`: the attested credential (identifier and public key) as the authenticator gave it;
    `compteur`: the last signature counter seen, zero for the keys that have none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cles"
    )
    nom = models.CharField(max_length=60)
    identifiant = models.BinaryField(max_length=1023, unique=True)
    donnees = models.BinaryField()
    compteur = models.PositiveBigIntegerField(default=0)
    ajoutee_le = models.DateTimeField(auto_now_add=True)
    utilisee_le = models.DateTimeField(null=True)

    objects = CleAccesQuerySet.as_manager()

    class Meta:
        verbose_name = "clé d’accès"
        verbose_name_plural = "clés d’accès"
        ordering = ["ajoutee_le", "pk"]

    def __str__(self):
        return self.nom
