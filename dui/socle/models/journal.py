import hashlib
import hmac
import json

from django.conf import settings
from django.db import models
from django.db.models import Q

from dui.socle.enums import Action, Bloc
from dui.socle.models.dossiers import Dossier

# What fills the journal every minute. The rest (refusals, copies that leave, failed sign-ins, any
# act added later) is what a supervision reads first: it has an index of its own.
ORDINAIRES = (
    "voir",
    "resume",
    "saisir",
    "valider",
    "prescrire",
    "lister",
    "connexion",
    "deconnexion",
    "verrouillage",
    "deverrouillage",
)
A_SURVEILLER = ~Q(action__in=ORDINAIRES) | Q(titre_acces="bris_de_glace")


class EntreeJournalQuerySet(models.QuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """A row about a record follows that record; the others (sign-ins, lists) follow the
        account that wrote them."""
        ouverts = habilitation.dossiers_ouverts(Bloc.AUD, action)
        condition = Q(dossier__in=ouverts)
        # Merged since: the past of an alias follows the record that was kept. They are few.
        condition |= Q(dossier__in=Dossier.objects.filter(fusionne_dans__in=ouverts).values("pk"))
        return self.filter(condition | habilitation.entrees_sans_dossier(Bloc.AUD, action))

    def du_dossier(self, dossier):
        """With what was read under its former numbers: an entry is sealed, it stays where it is."""
        return self.filter(dossier__in=dossier.et_ses_anciens())

    def du_compte(self, compte):
        return self.filter(acteur=compte)

    def a_surveiller(self):
        return self.filter(A_SURVEILLER)


class EntreeJournal(models.Model):
    """Access journal, append-only: a trigger refuses UPDATE and DELETE, a REVOKE refuses TRUNCATE.

    `contexte` never holds clinical text: page, filters, request id, address of the workstation.
    """

    horodatage = models.DateTimeField(auto_now_add=True)
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    dossier = models.ForeignKey(
        "socle.Dossier", null=True, on_delete=models.PROTECT, related_name="+"
    )
    bloc = models.CharField(max_length=5, blank=True)
    action = models.CharField(max_length=20)
    cible = models.CharField(max_length=120, blank=True)
    # By which path: affectation, équipe, bris de glace, nominatif, aucun.
    titre_acces = models.CharField(max_length=30, blank=True)
    contexte = models.JSONField(default=dict)

    objects = EntreeJournalQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal d’accès"
        indexes = [
            models.Index(fields=["dossier", "-id"]),
            models.Index(fields=["acteur", "-id"]),
            models.Index(
                fields=["-horodatage", "-id"], condition=A_SURVEILLER, name="journal_a_surveiller"
            ),
        ]

    def octets_canoniques(self):
        champs = [
            self.pk,
            self.horodatage.isoformat(),
            self.acteur_id,
            self.dossier_id and str(self.dossier_id),
        ]
        champs += [self.bloc, self.action, self.cible, self.titre_acces, self.contexte]
        return json.dumps(
            champs, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        ).encode()


class Scellement(models.Model):
    """A link of the chain: the HMAC of a batch of entries, tied to the former link."""

    premier = models.BigIntegerField()
    dernier = models.BigIntegerField(unique=True)
    nombre = models.PositiveIntegerField()
    empreinte = models.BinaryField(max_length=32)
    scelle_le = models.DateTimeField(auto_now_add=True)

    @staticmethod
    def calculer(empreinte_precedente, entrees):
        h = hmac.new(settings.CLE_JOURNAL, empreinte_precedente, hashlib.sha256)
        nombre = 0
        for entree in entrees:
            brut = entree.octets_canoniques()
            h.update(len(brut).to_bytes(8, "big") + brut)
            nombre += 1
        return h.digest(), nombre
