import uuid
from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.models.organisations import Etablissement, Organisme, Place, Unite
from dui.socle.models.usagers import Usager
from dui.socle.requetes import HistoriseQuerySet


class DossierQuerySet(HistoriseQuerySet):
    def visibles(self, habilitation, bloc, action=Action.VOIR):
        """The records this habilitation opens for (block, action): one place, in SQL."""
        return self.filter(habilitation.condition_dossier(bloc, action))

    def pour_ecrire(self, habilitation, bloc, action=Action.SAISIR):
        """One act at a time on a record: a double click waits, then finds the rows of the first."""
        visibles = self.visibles(habilitation, bloc, action)
        return visibles.select_for_update(of=("self",), no_key=True)

    def actifs(self):
        """Those that no merge has made the alias of another."""
        return self.filter(fusionne_dans=None)

    def fusionnes(self):
        return self.filter(fusionne_dans__isnull=False)

    def avec_anciens(self):
        """With the keys of their aliases (`anciens`), in the same query."""
        alias = Dossier.objects.filter(fusionne_dans=OuterRef("pk")).order_by("pk")
        return self.annotate(anciens=ArraySubquery(alias.values("pk")))

    def gardes(self):
        """Their keys, or that of the record in which each was merged."""
        return self.annotate(garde_id=Coalesce("fusionne_dans", "pk")).values("garde_id")


class Dossier(models.Model):
    """The record the policy speaks of: one per person and organisme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="dossiers")
    usager = models.ForeignKey(Usager, on_delete=models.PROTECT, related_name="dossiers")
    numero = models.CharField("n° de dossier", max_length=40)
    ouvert_le = models.DateField("ouvert le")
    clos_le = models.DateField("clos le", null=True, blank=True)
    gir = models.PositiveSmallIntegerField(
        "GIR", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    gir_le = models.DateField("GIR évalué le", null=True, blank=True)
    # Merged: this record is only an alias of that one (dui.socle.fusion).
    fusionne_dans = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="alias",
        verbose_name="fusionné dans",
    )

    objects = DossierQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "dossier"
        permissions = [(f"{a}_{b}", f"{a.label} : {b.label}") for b in Bloc for a in Action]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "numero"],
                name="dossier_numero_unique",
                violation_error_message="Ce numéro de dossier est déjà pris.",
            ),
            models.UniqueConstraint(
                fields=["organisme", "usager"],
                name="dossier_un_par_usager",
                violation_error_message="Cette personne a déjà un dossier.",
            ),
            models.CheckConstraint(
                name="dossier_dates_ordonnees",
                condition=Q(clos_le=None) | Q(clos_le__gte=F("ouvert_le")),
                violation_error_message="La clôture précède l’ouverture.",
            ),
            models.CheckConstraint(
                name="dossier_gir_de_1_a_6",
                condition=Q(gir=None) | Q(gir__range=(1, 6)),
                violation_error_message="Le GIR va de 1 à 6.",
            ),
            models.CheckConstraint(
                name="dossier_pas_dans_lui_meme",
                condition=Q(fusionne_dans=None) | ~Q(fusionne_dans=F("id")),
                violation_error_message="Un dossier ne fusionne pas dans lui-même.",
            ),
        ]

    def __str__(self):
        return str(self.usager)

    @property
    def garde(self) -> "Dossier":
        """Itself, or the record in which it was merged: never an alias."""
        return self.fusionne_dans or self

    def et_ses_anciens(self) -> list[uuid.UUID]:
        """Its key and those of its aliases: the past (journal, events) stays where it was."""
        anciens = getattr(self, "anciens", None)
        if anciens is None:
            alias = Dossier.objects.filter(fusionne_dans=self).order_by("pk")
            anciens = alias.values_list("pk", flat=True)
        return [self.pk, *anciens]


class LieAuDossierQuerySet(HistoriseQuerySet):
    """Rows tied to a record: the block comes from the model, the rule from the policy."""

    def visibles(self, habilitation, action=Action.VOIR):
        return self.visibles_selon(habilitation, self.model.BLOC, action)  # type: ignore[attr-defined]

    def visibles_selon(self, habilitation, bloc, action=Action.VOIR):
        """Another block than the model's decides: where a person is goes with the identity."""
        return self.filter(dossier__in=habilitation.dossiers_ouverts(bloc, action))

    def des_dossiers(self, identifiants):
        """Of these records, for the lists of a house. One array, not a parameter for each."""
        return self.filter(dossier__pk__parmi=list(identifiants))


class SejourQuerySet(LieAuDossierQuerySet):
    def en_cours(self, le=None):
        """Begun and not ended on `le` (today by default); the day of exit no longer counts."""
        le = le or timezone.localdate()
        return self.filter(Q(sortie_le=None) | Q(sortie_le__gt=le), entree_le__lte=le)

    def ouvrant_acces(self, le=None):
        """Present, expected, or gone for less than the establishment's closing delay."""
        le = le or timezone.localdate()
        jusqu_au = Func(
            F("sortie_le"),
            F("etablissement__delai_fermeture_jours"),
            template="(%(expressions)s)",
            arg_joiner=" + ",
            output_field=models.DateField(),
        )
        return self.alias(acces_jusqu_au=jusqu_au).filter(
            Q(sortie_le=None) | Q(acces_jusqu_au__gte=le)
        )

    def ouvrant(self, dossier, le):
        """The stays through which this record (its key) is open, the latest first, with their
        places."""
        lus = self.filter(dossier=dossier).ouvrant_acces(le)
        lus = lus.select_related("etablissement", "unite", "place")
        return lus.order_by("-entree_le", "-pk")

    def de_la_semaine(self, jour):
        """Arrivals and exits of the week that begins on `jour`, birthdays of `jour`."""
        semaine = (jour, jour + timedelta(days=7))
        mouvement = (
            Q(entree_le__range=semaine)
            | Q(sortie_le=jour)
            | Q(sortie_le=None, sortie_prevue_le__range=semaine)
        )
        fete = Q(
            dossier__usager__date_naissance__month=jour.month,
            dossier__usager__date_naissance__day=jour.day,
            dossier__usager__naissance_incomplete="",
            sortie_le=None,
            entree_le__lte=jour,
        )
        return self.filter(mouvement | fete).order_by("place__ordre", "dossier__usager__recherche")

    def au_tableau(self, *, etablissement=None, unite=None):
        """For the lists of a ward: by room then by name."""
        requete = self.en_cours().select_related("dossier__usager", "place")
        if unite:
            requete = requete.filter(unite=unite)
        elif etablissement:
            requete = requete.filter(etablissement=etablissement)
        return requete.order_by("place__ordre", "place__lit", "dossier__usager__recherche", "pk")


class Sejour(models.Model):
    """A period of accompaniment. `place_depuis`: since when the current place is held
    (the earlier places are in the history)."""

    BLOC = Bloc.ADM

    class Modalite(models.TextChoices):
        PERMANENT = "permanent", "Accueil permanent"
        TEMPORAIRE = "temporaire", "Accueil temporaire"
        JOUR = "jour", "Accueil de jour"
        NUIT = "nuit", "Accueil de nuit"
        SEQUENTIEL = "sequentiel", "Accueil séquentiel"
        DOMICILE = "domicile", "Intervention à domicile"
        SEMI_INTERNAT = "semi_internat", "Semi-internat"
        INTERNAT = "internat", "Internat"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="sejours")
    etablissement = models.ForeignKey(
        Etablissement, on_delete=models.PROTECT, related_name="sejours"
    )
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="sejours"
    )
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="sejours"
    )
    place_depuis = models.DateField("dans cette place depuis", null=True, blank=True)
    modalite = models.CharField(
        "modalité d’accueil", max_length=15, choices=Modalite, default=Modalite.PERMANENT
    )
    entree_le = models.DateField("date d’entrée")
    sortie_prevue_le = models.DateField("sortie prévue le", null=True, blank=True)
    sortie_le = models.DateField("date de sortie", null=True, blank=True)
    mode_entree = models.CharField("mode d’entrée", max_length=40, blank=True)
    provenance = models.CharField(max_length=100, blank=True)
    mode_sortie = models.CharField("mode de sortie", max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SejourQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "séjour"
        indexes = [
            models.Index(fields=["etablissement", "sortie_le", "dossier"], name="sejour_etab"),
            models.Index(fields=["unite", "sortie_le", "dossier"], name="sejour_unite"),
        ]
        constraints = [
            ExclusionConstraint(
                name="sejour_une_personne_par_place",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    (
                        Func(
                            "place_depuis",
                            "sortie_le",
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(place__isnull=False),
                violation_error_message="Cette place est déjà occupée à ces dates.",
            ),
            models.CheckConstraint(
                name="sejour_dates_ordonnees",
                condition=Q(sortie_le=None) | Q(sortie_le__gte=F("entree_le")),
                violation_error_message="La sortie précède l’entrée.",
            ),
            models.CheckConstraint(
                name="sejour_place_datee",
                condition=Q(place=None, place_depuis=None)
                | Q(place__isnull=False, place_depuis__gte=F("entree_le")),
                violation_error_message="Une place occupée porte sa date, à partir de l’entrée.",
            ),
        ]

    def __str__(self):
        return f"{self.dossier} ({self.etablissement})"

    def est_en_cours(self, le=None) -> bool:
        """As `SejourQuerySet.en_cours`, for a stay already read."""
        le = le or timezone.localdate()
        return self.entree_le <= le and (self.sortie_le is None or self.sortie_le > le)
