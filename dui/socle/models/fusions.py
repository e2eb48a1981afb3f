"""Two records for one person: the pair, the demands to merge or to undo, and what was moved."""

import uuid
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast
from django.utils import timezone

from dui.socle.enums import Action, Bloc
from dui.socle.models.dossiers import Dossier, Sejour
from dui.socle.models.organisations import Organisme


class DoublonQuerySet(models.QuerySet):
    def visibles(self, habilitation, action=Action.VALIDER):
        """Of the cellule: one of the two stayed, even long ago, in a house where the account has
        this right. Never a pair of which an interdiction closes one."""
        maisons = habilitation.etablissements(Bloc.IDV, action)
        siens = Sejour.objects.filter(etablissement__in=maisons).values("dossier")
        fermes = habilitation.fermes(Bloc.ID) | habilitation.fermes(Bloc.IDV)
        visibles = self.filter(_un_cote(siens))
        return visibles.exclude(_un_cote(fermes)) if fermes else visibles

    def collisions_de(self, *dossiers):
        """What was reported of these records and that nobody has settled."""
        siennes = reduce(or_, (Q(premier=dossier) for dossier in dossiers))
        return self.filter(siennes, nature=Doublon.Nature.COLLISION, etat=Doublon.Etat.A_EXAMINER)

    def entre_actifs(self):
        """Neither record of the pair is an alias, but of the other one of this very pair. What
        was reported of a record stays to be settled when it is merged."""
        garde = Q(etat=Doublon.Etat.FUSIONNEE) | Q(nature=Doublon.Nature.COLLISION)
        return self.filter(
            Q(premier__fusionne_dans=None) | garde,
            Q(second=None) | Q(second__fusionne_dans=None) | garde,
        )


def _un_cote(dossiers) -> Q:
    """One of these records is in the pair, or was merged with one of it."""
    cotes = ("premier", "second", "premier__fusionne_dans", "second__fusionne_dans")
    return reduce(or_, (Q(**{f"{cote}__in": dossiers}) for cote in cotes))


class Doublon(models.Model):
    """Two records that look like one person's, or one record in which there may be two persons.

    `empreinte`: what the strict traits were when somebody judged. The night brings back what was
    judged only when they have changed.
    """

    class Nature(models.TextChoices):
        DOUBLON = "doublon", "Doublon"
        COLLISION = "collision", "Collision"

    class Etat(models.TextChoices):
        A_EXAMINER = "a_examiner", "À examiner"
        DISTINCTES = "distinctes", "Pas la même personne"
        PROPOSEE = "proposee", "Fusion proposée"
        FUSIONNEE = "fusionnee", "Fusionnés"
        DEFUSIONNEE = "defusionnee", "Défusionnés"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.DOUBLON)
    premier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Dossier, null=True, on_delete=models.PROTECT, related_name="+")
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_EXAMINER)
    score = models.PositiveSmallIntegerField(default=0)
    raisons = ArrayField(models.CharField(max_length=30), default=list)
    empreinte = models.CharField(max_length=64, blank=True)
    texte = models.CharField("ce qui a été signalé", max_length=500, blank=True)
    motif = models.CharField("motif de la décision", max_length=300, blank=True)
    signale_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    trouve_le = models.DateTimeField("trouvé le", default=timezone.now)
    juge_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    juge_le = models.DateTimeField("jugé le", null=True)

    objects = DoublonQuerySet.as_manager()

    class Meta:
        verbose_name = "doublon ou collision"
        verbose_name_plural = "doublons et collisions"
        indexes = [models.Index(fields=["etat", "-score", "id"], name="doublon_a_faire")]
        constraints = [
            models.UniqueConstraint(
                fields=["premier", "second"],
                condition=Q(second__isnull=False),
                name="doublon_unique",
                violation_error_message="Cette paire est déjà connue.",
            ),
            models.CheckConstraint(
                name="doublon_ordonne",
                condition=Q(nature="doublon", second__gt=F("premier"))
                | Q(nature="collision", second=None),
            ),
            models.CheckConstraint(
                name="doublon_ecarte_motive",
                condition=~Q(etat="distinctes") | ~Q(motif=""),
                violation_error_message="Dites comment vous le savez.",
            ),
        ]

    @property
    def dossiers(self) -> list[Dossier]:
        return [self.premier, self.second] if self.second else [self.premier]


class FusionQuerySet(models.QuerySet):
    def en_attente(self):
        return self.filter(decision="", expire_le__gt=timezone.now())

    def en_vigueur(self):
        """The merges that nothing has undone."""
        return self.filter(
            sens=Fusion.Sens.FUSION, decision=Fusion.Decision.APPROUVEE, defaite_le=None
        )


class Fusion(models.Model):
    """A demand to merge two records, or to undo it: one account proposes, another decides."""

    class Sens(models.TextChoices):
        FUSION = "fusion", "Fusion"
        DEFUSION = "defusion", "Défusion"

    class Decision(models.TextChoices):
        APPROUVEE = "approuvee", "Approuvée"
        REFUSEE = "refusee", "Refusée"
        RETIREE = "retiree", "Retirée par son auteur"
        EXPIREE = "expiree", "Expirée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    doublon = models.ForeignKey(Doublon, on_delete=models.PROTECT, related_name="fusions")
    sens = models.CharField(max_length=10, choices=Sens, default=Sens.FUSION)
    retenu = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    absorbe = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+")
    defait = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="defusions"
    )
    motif = models.CharField(max_length=300)
    empreinte = models.CharField(max_length=64)
    propose_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    propose_le = models.DateTimeField("proposée le", default=timezone.now)
    expire_le = models.DateTimeField("expire le")
    decision = models.CharField("décision", max_length=10, choices=Decision, blank=True)
    decide_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decide_le = models.DateTimeField("décidée le", null=True)
    defaite_le = models.DateTimeField("défaite le", null=True)

    objects = FusionQuerySet.as_manager()

    class Meta:
        verbose_name = "fusion"
        constraints = [
            models.UniqueConstraint(
                fields=["doublon"],
                condition=Q(decision=""),
                name="fusion_une_demande",
                violation_error_message="Une proposition attend déjà une décision.",
            ),
            models.CheckConstraint(
                name="fusion_approuvee_par_un_autre",
                condition=~Q(decision="approuvee")
                | (Q(decide_par__isnull=False) & ~Q(decide_par=F("propose_par"))),
                violation_error_message="Une autre personne que son auteur approuve une fusion.",
            ),
            models.CheckConstraint(
                name="fusion_de_deux_dossiers", condition=~Q(retenu=F("absorbe"))
            ),
        ]


class Deplacement(models.Model):
    """What a merge (or its undoing) changed: of these rows of this table, these columns, from what
    to what. Append-only. Rows frozen by the database change record only when this table says so,
    in the same transaction.
    """

    fusion = models.ForeignKey(Fusion, on_delete=models.PROTECT, related_name="deplacements")
    modele = models.CharField("modèle", max_length=80)
    cles = ArrayField(models.CharField(max_length=40))
    avant = models.JSONField()
    apres = models.JSONField("après")
    transaction = models.CharField(
        max_length=20,
        editable=False,
        db_default=Cast(
            Func(function="pg_current_xact_id", output_field=models.TextField()),
            models.CharField(max_length=20),
        ),
    )
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "déplacement"
        indexes = [
            models.Index(fields=["transaction"], name="deplacement_transaction"),
            models.Index(fields=["fusion", "id"], name="deplacement_fusion"),
        ]
