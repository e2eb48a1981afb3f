import uuid
from collections import defaultdict

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.models.dossiers import Dossier
from dui.socle.models.organisations import Etablissement, Unite
from dui.socle.requetes import HistoriseQuerySet


class TacheQuerySet(HistoriseQuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """About a record: it and the block are open, and the task is the team's, mine or from me.
        About none: mine or from me."""
        siennes = _adressees(habilitation) | Q(creee_par=habilitation.compte)
        equipe = Q(nature=Tache.Nature.TACHE)
        sans_dossier = Q(dossier=None) & siennes
        return self.filter(sans_dossier | (_ouvertes(habilitation, action) & (siennes | equipe)))

    def recues(self, habilitation, action=Action.VOIR):
        """Those of `visibles` addressed to the account by name, or to a function that it holds
        there. Said in one condition: every page counts them."""
        ouverte = Q(dossier=None) | _ouvertes(habilitation, action)
        return self.filter(_adressees(habilitation), ouverte)

    def reglables(self, habilitation):
        """To be cancelled or postponed: by who asked, by whom it is for, by who validates there."""
        siennes = _adressees(habilitation) | Q(creee_par=habilitation.compte)
        return self.filter(siennes | _ouvertes(habilitation, Action.VALIDER))

    def creees_par(self, habilitation):
        return self.filter(creee_par=habilitation.compte)

    def a_faire(self):
        return self.filter(etat=Tache.Etat.A_FAIRE)

    def non_lues(self, habilitation):
        return self.filter(_non_lue(habilitation))

    def qui_pressent(self, habilitation):
        """Due by now, or not read yet."""
        return self.filter(Q(echeance_le__lte=timezone.now()) | _non_lue(habilitation))

    def de_source(self, type_, identifiant):
        return self.filter(source_type=type_, source_id=identifiant)

    def urgentes_d_abord(self):
        """Stable: the priority, then what is due first, then the oldest."""
        return self.order_by("priorite", models.F("echeance_le").asc(nulls_last=True), "creee_le")


def _non_lue(habilitation) -> Q:
    lues = LectureTache.objects.filter(tache=OuterRef("pk"), compte=habilitation.compte)
    return Q(~Exists(lues))


def _adressees(habilitation) -> Q:
    """One condition for each function, not for each place: head office has two hundred."""
    par_fonction: dict[tuple, list] = defaultdict(list)
    for a in habilitation.affectations:
        par_fonction[a.role_id, a.portee == "unite"].append(a)
    condition = Q(compte=habilitation.compte)
    for (role, par_unite), tenues in par_fonction.items():
        ici = Q(role=role, etablissement__in={a.etablissement_id for a in tenues})
        if par_unite:
            ici &= Q(unite=None) | Q(unite__in={a.unite_id for a in tenues})
        condition |= ici
    return condition


def _ouvertes(habilitation, action) -> Q:
    """Each task in its own block; the blocks that a path opens share its one subquery."""
    groupes: dict[int, tuple] = {}
    for bloc in Tache.BLOCS:
        if habilitation.peut(bloc, action):
            for chemin in habilitation.chemins(bloc, action):
                groupes.setdefault(id(chemin), (chemin, []))[1].append(bloc)
    condition = Q(pk__in=[])
    for ouverts, blocs in groupes.values():
        condition |= Q(bloc__in=blocs, dossier__in=ouverts)
    return condition


class Tache(models.Model):
    """Something to do or to read, for somebody or for a function somewhere. `source_type` and
    `source_id` say where it comes from (dui.socle.taches.SourceTache leads back there)."""

    # The blocks that a task may belong to: reading one asks for the right to read its block.
    BLOCS = (
        Bloc.ID, Bloc.ENT, Bloc.ADM, Bloc.ANT, Bloc.OBS, Bloc.PLS, Bloc.CST, Bloc.TRA, Bloc.AVQ,
        Bloc.EVA, Bloc.PP, Bloc.EDU, Bloc.SOC, Bloc.ANI, Bloc.AGE, Bloc.EI,
    )  # fmt: skip

    class Nature(models.TextChoices):
        TACHE = "tache", "À faire"
        MESSAGE = "message", "À lire"

    class Priorite(models.IntegerChoices):
        URGENTE = 1, "Urgente"
        IMPORTANTE = 2, "Importante"
        COURANTE = 3, "Courante"

    class Etat(models.TextChoices):
        A_FAIRE = "a_faire", "À faire"
        FAITE = "faite", "Faite"
        ANNULEE = "annulee", "Annulée"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.TACHE)
    titre = models.CharField("quoi", max_length=200)
    texte = models.TextField("précisions", blank=True)
    dossier = models.ForeignKey(
        Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="taches"
    )
    bloc = models.CharField(max_length=5, choices=Bloc)
    source_type = models.CharField("vient de", max_length=40, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField("fonction", max_length=20, blank=True)
    etablissement = models.ForeignKey(
        Etablissement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    echeance_le = models.DateTimeField("pour le", null=True, blank=True)
    priorite = models.PositiveSmallIntegerField(
        "priorité", choices=Priorite, default=Priorite.COURANTE
    )
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_FAIRE)
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    fonction = models.CharField("fonction de l’auteur", max_length=30, blank=True)
    creee_le = models.DateTimeField("créée le", default=timezone.now)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    close_le = models.DateTimeField("close le", null=True, blank=True)
    # What was done, or why it is cancelled.
    suite = models.TextField(blank=True)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = TacheQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "tâche"
        indexes = [
            models.Index(fields=["compte", "etat", "-creee_le"], name="tache_compte"),
            models.Index(fields=["role", "etablissement", "etat"], name="tache_fonction"),
            models.Index(fields=["dossier", "etat"], name="tache_dossier"),
            models.Index(fields=["creee_par", "-creee_le"], name="tache_auteur"),
            models.Index(fields=["source_type", "source_id"], name="tache_source"),
        ]
        constraints = [
            models.CheckConstraint(
                name="tache_adressee",
                condition=Q(compte__isnull=False, role="")
                | (Q(compte=None, etablissement__isnull=False) & ~Q(role="")),
                violation_error_message="Une tâche s’adresse à quelqu’un ou à une fonction.",
            ),
            models.CheckConstraint(
                name="tache_close_par_quelqu_un",
                condition=Q(etat="a_faire", close_par=None, close_le=None)
                | (~Q(etat="a_faire") & Q(close_par__isnull=False, close_le__isnull=False)),
                violation_error_message="Une tâche close dit par qui et quand.",
            ),
            models.CheckConstraint(
                name="tache_annulee_avec_motif",
                condition=~Q(etat="annulee") | ~Q(suite=""),
                violation_error_message="Une tâche annulée dit pourquoi.",
            ),
        ]

    def __str__(self):
        return f"Tâche du {timezone.localtime(self.creee_le):%d/%m/%Y}"

    @property
    def en_retard(self) -> bool:
        echue = self.echeance_le is not None and self.echeance_le < timezone.now()
        return echue and self.etat == self.Etat.A_FAIRE


class LectureTache(models.Model):
    """Read receipt of a task or a message, by name."""

    tache = models.ForeignKey(Tache, on_delete=models.PROTECT, related_name="lectures")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lue_le = models.DateTimeField("lue le", default=timezone.now)

    class Meta:
        verbose_name = "accusé de lecture d’une tâche"
        verbose_name_plural = "accusés de lecture des tâches"
        constraints = [
            models.UniqueConstraint(fields=["tache", "compte"], name="lecture_tache_unique")
        ]
