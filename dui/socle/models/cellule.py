"""What waits for the cellule d'identitovigilance, and for whoever keeps the team."""

import json
import uuid
from dataclasses import asdict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dui.socle import chiffrement
from dui.socle.enums import Action, Bloc
from dui.socle.models.dossiers import Dossier
from dui.socle.models.organisations import Etablissement
from dui.socle.models.professionnels import Professionnel
from dui.socle.models.usagers import Usager
from dui.socle.recue import Recue, relire


class IdentiteRecueQuerySet(models.QuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """Those that arrived in the houses where the account looks after identities."""
        return self.filter(etablissement__in=habilitation.etablissements(Bloc.IDV, action))

    def en_attente(self):
        return self.filter(etat=IdentiteRecue.Etat.EN_ATTENTE)


class IdentiteRecue(models.Model):
    """An identity that came from outside and that nothing allows to file by itself: quarantine.

    As received, encrypted: it is not one of our identities as long as nobody has decided.
    """

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "En attente"
        RATTACHEE = "rattachee", "Rattachée à un dossier"
        CREEE = "creee", "Dossier créé"
        REFUSEE = "refusee", "Refusée"

    class Motif(models.TextChoices):
        AUTRES_TRAITS = "autres_traits", "Matricule connu, autres traits"
        AUTRE_MATRICULE = "autre_matricule", "Mêmes traits, autre matricule"
        PLUSIEURS = "plusieurs", "Plusieurs identités ont ces traits"
        PROCHES = "proches", "Traits proches d’une identité connue"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=30)
    repere = models.CharField("repère chez la source", max_length=80, blank=True)
    motif = models.CharField(max_length=20, choices=Motif)
    contenu = models.BinaryField()
    cle_enveloppee = models.BinaryField(max_length=40)
    id_cle_maitre = models.CharField(max_length=20)
    empreinte = models.CharField(max_length=64)
    recue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recue_le = models.DateTimeField("reçue le", default=timezone.now)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_ATTENTE)
    dossier = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")
    raison = models.CharField(max_length=200, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decidee_le = models.DateTimeField("décidée le", null=True)

    objects = IdentiteRecueQuerySet.as_manager()

    class Meta:
        verbose_name = "identité reçue"
        verbose_name_plural = "identités reçues"
        indexes = [
            models.Index(fields=["etablissement", "etat", "recue_le"], name="recue_file"),
            models.Index(fields=["source", "repere"], name="recue_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "empreinte"],
                condition=Q(etat="en_attente"),
                name="recue_une_fois",
                violation_error_message="Cette identité attend déjà.",
            ),
            models.CheckConstraint(
                name="recue_decision_complete",
                condition=Q(etat="en_attente", decidee_le=None, decidee_par=None, dossier=None)
                | Q(etat="refusee", decidee_le__isnull=False, dossier=None, raison__gt="")
                | Q(
                    etat__in=["rattachee", "creee"], decidee_le__isnull=False, dossier__isnull=False
                ),
                violation_error_message="Une décision porte sa date, son auteur et son effet.",
            ),
        ]

    def __str__(self):
        return f"{self.get_motif_display()} ({self.recue_le:%d/%m/%Y})"

    def sceller(self, recue: Recue) -> None:
        clair = json.dumps(asdict(recue), default=str, ensure_ascii=False).encode()
        self.contenu, self.cle_enveloppee, self.id_cle_maitre = chiffrement.chiffrer(
            clair, contexte=self.pk.bytes
        )

    def lire(self) -> Recue:
        clair = chiffrement.dechiffrer(
            bytes(self.contenu),
            cle_enveloppee=bytes(self.cle_enveloppee),
            id_cle_maitre=self.id_cle_maitre,
            contexte=self.pk.bytes,
        )
        return relire(json.loads(clair))


class Ressemblance(models.Model):
    """A dossier that an identity received from outside may be."""

    class Degre(models.TextChoices):
        MATRICULE = "matricule", "Même matricule"
        MEMES = "memes", "Mêmes traits"
        PROCHES = "proches", "Traits proches"

    recue = models.ForeignKey(IdentiteRecue, on_delete=models.CASCADE, related_name="ressemblances")
    usager = models.ForeignKey(Usager, on_delete=models.CASCADE, related_name="+")
    degre = models.CharField("degré", max_length=10, choices=Degre)

    class Meta:
        verbose_name = "ressemblance"
        constraints = [
            models.UniqueConstraint(fields=["recue", "usager"], name="ressemblance_unique")
        ]


class HomonymeConfirme(models.Model):
    """The cellule looked: two persons indeed. Gone when the attribute is lifted."""

    usager = models.OneToOneField(Usager, on_delete=models.CASCADE, related_name="+")
    confirme_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    confirme_le = models.DateTimeField("confirmé le", default=timezone.now)

    class Meta:
        verbose_name = "homonyme confirmé"
        verbose_name_plural = "homonymes confirmés"


class EcartAnnuaireQuerySet(models.QuerySet):
    def a_juger(self):
        return self.filter(etat=EcartAnnuaire.Etat.A_JUGER)


class EcartAnnuaire(models.Model):
    """What the national directory says otherwise than we do of a professional (H27)."""

    class Nature(models.TextChoices):
        FIN = "fin", "N’exerce plus selon l’annuaire"
        NOM = "nom", "Nom ou prénom"
        PROFESSION = "profession", "Profession"
        MSSANTE = "mssante", "Adresse MSSanté"

    class Etat(models.TextChoices):
        A_JUGER = "a_juger", "À juger"
        ACCEPTE = "accepte", "Accepté"
        IGNORE = "ignore", "Ignoré"
        DISPARU = "disparu", "N’existe plus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    professionnel = models.ForeignKey(
        Professionnel, on_delete=models.CASCADE, related_name="ecarts"
    )
    nature = models.CharField(max_length=10, choices=Nature)
    chez_nous = models.CharField("chez nous", max_length=254, blank=True)
    annuaire = models.CharField("dans l’annuaire", max_length=254, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_JUGER)
    releve_le = models.DateTimeField("relevé le", default=timezone.now)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decide_le = models.DateTimeField("décidé le", null=True)

    objects = EcartAnnuaireQuerySet.as_manager()

    class Meta:
        verbose_name = "écart avec l’annuaire"
        verbose_name_plural = "écarts avec l’annuaire"
        indexes = [models.Index(fields=["etat", "releve_le"], name="ecart_file")]
        constraints = [
            models.UniqueConstraint(
                fields=["professionnel", "nature"],
                condition=Q(etat="a_juger"),
                name="ecart_un_par_nature",
            ),
            models.CheckConstraint(
                name="ecart_decision_datee",
                condition=Q(etat__in=["a_juger", "disparu"])
                | Q(decide_le__isnull=False, decide_par__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.professionnel} : {self.get_nature_display()}"
