import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet


class EvaluationQuerySet(LieAuDossierQuerySet):
    def en_vigueur(self):
        """Validated, and replaced by no other: what counts."""
        return self.filter(etat=Evaluation.Etat.VALIDEE, courante=True)

    def brouillons(self):
        return self.filter(etat=Evaluation.Etat.BROUILLON)

    def de_la_grille(self, code):
        return self.filter(grille=code)

    def a_remplir(self, habilitation, dossier):
        """The drafts of this record; who may not read evaluations continues only their own."""
        siens = self.visibles(habilitation, Action.SAISIR).filter(dossier=dossier).brouillons()
        if habilitation.peut_pour(dossier, Bloc.EVA, Action.VOIR):
            return siens
        return siens.filter(auteur=habilitation.compte)

    def plus_recentes(self):
        """Stable order: two may be done at the same minute."""
        return self.order_by("-faite_le", "-id")

    def dernieres(self):
        """The last of each grid."""
        return self.order_by("grille", "-faite_le", "-id").distinct("grille")


class Evaluation(models.Model):
    """A grid answered about a person. A draft changes; validated, a database trigger freezes the
    row, and a correction is a new version that `remplace` it."""

    BLOC = Bloc.EVA

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon"
        VALIDEE = "validee", "Validée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="evaluations")
    grille = models.CharField(max_length=30)
    version_grille = models.CharField("version de la grille", max_length=20)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.BROUILLON)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    # Every professional who wrote in it: [{compte, nom, fonction}]; frozen with the row.
    evaluateurs = models.JSONField("évaluateurs", default=list, blank=True)
    auto_evaluation = models.BooleanField("remplie par la personne elle-même", default=False)
    avec = models.CharField("avec", max_length=200, blank=True)
    faite_le = models.DateTimeField("faite le")
    ecrite_le = models.DateTimeField("écrite le", default=timezone.now)
    reponses = models.JSONField("réponses", default=dict, blank=True)
    # {answer: {valeur, le, par}}: what another part of the record proposed, once confirmed.
    origines = models.JSONField("origines", default=dict, blank=True)
    # Identifiers of the documents joined to it, in order: frozen with the row.
    pieces = models.JSONField("pièces jointes", default=list, blank=True)
    resultat = models.JSONField("résultat", default=dict, blank=True)
    score = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    version_moteur = models.CharField("version du moteur", max_length=10)
    commentaire = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)  # of the draft: two people, one form
    validee_le = models.DateTimeField("validée le", null=True, blank=True)
    validee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fonction_validation = models.CharField("fonction du valideur", max_length=30, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    courante = models.BooleanField("version en vigueur", default=True)
    remplace = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remplacee_par"
    )
    motif_correction = models.CharField("motif de la correction", max_length=200, blank=True)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = "évaluation"
        indexes = [
            models.Index(fields=["dossier", "grille", "-faite_le"], name="evaluation_suivi"),
        ]
        constraints = [
            models.CheckConstraint(
                name="evaluation_validee_par_quelqu_un",
                condition=Q(etat="brouillon", validee_le=None, validee_par=None)
                | Q(etat="validee", validee_le__isnull=False, validee_par__isnull=False),
                violation_error_message="Une évaluation validée dit par qui et quand.",
            ),
            models.CheckConstraint(
                name="evaluation_correction_motivee",
                condition=Q(remplace=None) | (Q(etat="validee") & ~Q(motif_correction="")),
                violation_error_message="Une correction dit pourquoi.",
            ),
            models.CheckConstraint(
                name="evaluation_faite_avant_d_etre_ecrite",
                condition=Q(validee_le=None) | Q(faite_le__lte=models.F("validee_le")),
                violation_error_message="L’évaluation précède sa validation.",
            ),
        ]

    def __str__(self):
        return f"Évaluation du {timezone.localtime(self.faite_le):%d/%m/%Y}"

    @property
    def validee(self) -> bool:
        return self.etat == self.Etat.VALIDEE


class PmpValide(models.Model):
    """The PMP that the authority validated after a coupe PATHOS: entered, never computed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(
        "socle.Etablissement", on_delete=models.PROTECT, related_name="pmp_valides"
    )
    valeur = models.DecimalField("PMP validé", max_digits=6, decimal_places=2)
    coupe_le = models.DateField("coupe du")
    valide_le = models.DateField("validé le")
    medecin = models.CharField("médecin valideur", max_length=120)
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    saisi_le = models.DateTimeField("saisi le", default=timezone.now)

    class Meta:
        verbose_name = "PMP validé"
        verbose_name_plural = "PMP validés"
        indexes = [models.Index(fields=["etablissement", "-valide_le"], name="pmp_en_vigueur")]
        constraints = [
            models.CheckConstraint(
                name="pmp_positif",
                condition=Q(valeur__gt=0),
                violation_error_message="Le PMP est positif.",
            ),
            models.CheckConstraint(
                name="pmp_valide_apres_la_coupe",
                condition=Q(valide_le__gte=models.F("coupe_le")),
                violation_error_message="La validation suit la coupe.",
            ),
        ]

    def __str__(self):
        return f"PMP {self.valeur}"
