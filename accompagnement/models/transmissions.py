import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accompagnement.cibles import catalogue
from accompagnement.models.cibles import Cible
from dui.socle.enums import Action, Bloc
from dui.socle.models import Dossier, LieAuDossierQuerySet, Sejour, Unite
from habilitations import reserves


class TransmissionQuerySet(LieAuDossierQuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """Those of the open records, less what is reserved to a profession the account has not."""
        return super().visibles(habilitation, action).ouvertes_a(habilitation, action)

    def ouvertes_a(self, habilitation, action=Action.VOIR):
        """The reservation alone, for a query whose records are already chosen."""
        return self.filter(reserves.condition(habilitation, self.model.BLOC, action))

    def en_vigueur(self):
        """The last version of each; earlier ones stay readable in its history."""
        return self.filter(courante=True)

    def pour_fil(self):
        """Stable order: two entries may share a minute."""
        lignes = self.select_related("auteur", "cible_suivie")
        return lignes.order_by("-survenu_le", "-id")

    def pour_releve(self, *, unites, etablissement, depuis):
        """Written since `depuis` (a late entry is news too) in these units (their keys), or about
        somebody of this establishment who has no unit."""
        requete = self.en_vigueur().filter(ecrit_le__gte=depuis)
        sejours = Sejour.objects.filter(etablissement=etablissement)
        sans_unite = Q(unite=None, dossier__in=sejours.values("dossier"))
        return requete.filter(Q(unite__in=unites) | sans_unite)

    def importantes(self):
        return self.exclude(importance=Transmission.Importance.COURANTE)

    def non_lues(self, habilitation):
        lues = Lecture.objects.filter(transmission=OuterRef("pk"), compte=habilitation.compte)
        return self.filter(~Exists(lues)).exclude(auteur=habilitation.compte)

    def disant(self, texte: str):
        """Those that hold every word typed, in any of its forms, whatever the accents."""
        plie = Func(Value(texte), function="dui_normaliser", output_field=models.TextField())
        return self.filter(plein_texte=SearchQuery(plie, config="french", search_type="websearch"))

    def communiques(self):
        return self.en_vigueur().filter(communicable_le__lte=timezone.now(), reserve="")


class TransmissionManager(models.Manager.from_queryset(TransmissionQuerySet)):
    """Nobody reads the words of the full text: they stay in the database."""

    def get_queryset(self):
        return super().get_queryset().defer("plein_texte")


class Transmission(models.Model):
    """What the team passes on about a person. Validated when saved: a database trigger freezes
    the row; a correction is a new version that `remplace` it."""

    BLOC = Bloc.TRA

    class Forme(models.TextChoices):
        CIBLEE = "ciblee", "Ciblée (DAR)"
        RECIT = "recit", "Récit libre"
        MACRO = "macro", "Macrocible"

    class Importance(models.TextChoices):
        COURANTE = "courante", "Courante"
        IMPORTANTE = "importante", "Importante"
        URGENTE = "urgente", "Urgente"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="transmissions")
    unite = models.ForeignKey(Unite, null=True, on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fonction = models.CharField("fonction de l’auteur", max_length=30)
    forme = models.CharField(max_length=10, choices=Forme, default=Forme.CIBLEE)
    cible = models.CharField(max_length=30, blank=True)
    cible_suivie = models.ForeignKey(
        Cible, null=True, blank=True, on_delete=models.PROTECT, related_name="transmissions"
    )
    # Code of donnees/macrocibles.json, and {heading: text} of its structure.
    macrocible = models.CharField(max_length=30, blank=True, default="", db_default="")
    rubriques = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    donnees = models.TextField("données", blank=True)
    actions = models.TextField(blank=True)
    resultat = models.TextField("résultat", blank=True)
    texte = models.TextField("récit", blank=True)
    importance = models.CharField(max_length=10, choices=Importance, default=Importance.COURANTE)
    destinataires = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    survenu_le = models.DateTimeField("survenu le")
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    communicable_le = models.DateTimeField("partagé sur le portail le", null=True, blank=True)
    # Code of a group of habilitations/donnees/reserves.json; empty: the whole team.
    reserve = models.CharField("réservée à", max_length=20, blank=True, default="", db_default="")
    version = models.PositiveSmallIntegerField(default=1)
    courante = models.BooleanField("version en vigueur", default=True)
    remplace = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="remplacee_par"
    )
    motif_correction = models.CharField("motif de la correction", max_length=200, blank=True)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)
    plein_texte = models.GeneratedField(
        expression=Func(
            Func(
                Concat(
                    *("donnees", Value(" "), "actions", Value(" ")),
                    *("resultat", Value(" "), "texte"),
                    output_field=models.TextField(),
                ),
                function="dui_normaliser",
                output_field=models.TextField(),
            ),
            template="to_tsvector('french'::regconfig, %(expressions)s)",
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = TransmissionManager()

    class Meta:
        verbose_name = "transmission"
        indexes = [
            models.Index(fields=["dossier", "-survenu_le", "-id"], name="transmission_fil"),
            models.Index(
                fields=["unite", "-ecrit_le"],
                name="transmission_releve",
                condition=Q(courante=True),
            ),
            models.Index(
                fields=["unite", "-ecrit_le"],
                name="transmission_importante",
                condition=Q(courante=True) & ~Q(importance="courante"),
            ),
            models.Index(
                fields=["cible_suivie", "-survenu_le", "-id"],
                name="transmission_cible",
                condition=Q(cible_suivie__isnull=False),
            ),
            GinIndex(fields=["plein_texte"], name="transmission_plein_texte"),
        ]
        constraints = [
            models.CheckConstraint(
                name="transmission_non_vide",
                condition=~Q(donnees="", actions="", resultat="", texte=""),
                violation_error_message="Une transmission dit quelque chose.",
            ),
            models.CheckConstraint(
                name="transmission_macrocible_nommee",
                condition=Q(forme="macro") ^ Q(macrocible=""),
                violation_error_message="Une macrocible dit à quel moment elle est écrite.",
            ),
            models.CheckConstraint(
                name="transmission_correction_motivee",
                condition=Q(remplace=None) | ~Q(motif_correction=""),
                violation_error_message="Une correction dit pourquoi.",
            ),
            models.CheckConstraint(
                name="transmission_reservee_hors_du_portail",
                condition=Q(reserve="") | Q(communicable_le=None),
                violation_error_message="Une transmission réservée ne se partage pas.",
            ),
        ]

    def __str__(self):
        return f"Transmission du {timezone.localtime(self.survenu_le):%d/%m/%Y à %H:%M}"

    @property
    def resume(self) -> str:
        """One line for lists: facts, then actions, then result."""
        parties = (self.texte, self.donnees, self.actions, self.resultat)
        return " ".join(p.strip() for p in parties if p.strip())

    @property
    def parties(self) -> list[tuple[str, str]]:
        """[(heading, text)] of a macro-target, in the order of its structure."""
        moment = catalogue.moments().get(self.macrocible)
        connues = moment.rubriques if moment else ()
        ecrites = self.rubriques
        return [(r.libelle, ecrites[r.code]) for r in connues if r.code in ecrites]

    @property
    def mention_reserve(self) -> str:
        return f"Réservée : {reserves.libelle(self.reserve)}" if self.reserve else ""

    @property
    def ecrite_en_retard(self) -> bool:
        """AC-18: written more than 60 minutes after it happened, both times are shown."""
        return (self.ecrit_le - self.survenu_le).total_seconds() > 3600


class Lecture(models.Model):
    """Read receipt of a transmission, by name."""

    transmission = models.ForeignKey(
        Transmission, on_delete=models.PROTECT, related_name="lectures"
    )
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lu_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "accusé de lecture"
        constraints = [
            models.UniqueConstraint(fields=["transmission", "compte"], name="lecture_unique")
        ]
