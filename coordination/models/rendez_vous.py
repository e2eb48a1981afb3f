import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.models import Etablissement, Unite
from dui.socle.requetes import HistoriseQuerySet


class Ressource(models.Model):
    """What a house lends: a room, a vehicle, a piece of equipment. Two never take it at once."""

    class Nature(models.TextChoices):
        """JDV_RessourceUtilisee: the code that travels is in CODES_NATIONAUX."""

        SALLE = "salle", "Salle"
        VEHICULE = "vehicule", "Véhicule"
        MATERIEL = "materiel", "Matériel spécialisé"
        AUTRE = "autre", "Autre ressource"

    CODES_NATIONAUX = {
        "salle": "ORG-207",
        "vehicule": "261324000",
        "materiel": "ORG-206",
        "autre": "GEN-092.06.10",
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(max_length=10, choices=Nature)
    nom = models.CharField(max_length=80)
    places = models.PositiveSmallIntegerField("nombre de places", null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = "ressource"
        constraints = [
            models.UniqueConstraint(
                fields=["etablissement", "nom"],
                name="ressource_nom_unique",
                violation_error_message="Cet établissement a déjà une ressource de ce nom.",
            )
        ]

    def __str__(self):
        return self.nom


class Serie(models.Model):
    """What made the occurrences of a repetition; each of them is a row that lives its own life."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    premier = models.DateField("première date")
    regle = models.JSONField("répétition")
    creee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    creee_le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "série"


class RendezVousQuerySet(HistoriseQuerySet):
    def visibles(self, habilitation, action=Action.VOIR, bloc=Bloc.AGE):
        """Those of a person whose agenda opens; those without anybody, of one's houses; one's own
        when only reading."""
        from coordination.models import Intervenant, Participation

        ici = Participation.objects.filter(rendez_vous=OuterRef("pk"))
        ouvertes = ici.filter(dossier__in=habilitation.dossiers_ouverts(bloc, action))
        maisons = habilitation.etablissements(bloc, action)
        condition = Q(Exists(ouvertes)) | Q(~Exists(ici), etablissement__in=maisons)
        if action == Action.VOIR:
            moi = Intervenant.objects.filter(rendez_vous=OuterRef("pk"), compte=habilitation.compte)
            condition |= Q(Exists(moi), etablissement__in=maisons)
        return self.filter(condition)

    def entre(self, debut, fin):
        return self.filter(debut__lt=fin, fin__gt=debut)

    def tenus(self):
        """Neither cancelled nor turned into something that did not happen."""
        return self.exclude(statut=RendezVous.Statut.ANNULE)

    def modifiables(self):
        return self.filter(statut__in=RendezVous.OUVERTS)

    def dans_l_ordre(self):
        return self.order_by("debut", "fin", "pk")


class RendezVous(models.Model):
    """One appointment, one session of an activity, one visit at home: what is planned, then what
    happened. The persons are its participations."""

    class Nature(models.TextChoices):
        RENDEZ_VOUS = "rendez_vous", "Rendez-vous"
        ACTIVITE = "activite", "Activité"
        VISITE = "visite", "Visite à domicile"

    class Statut(models.TextChoices):
        PLANIFIE = "PLANIFIE", "Planifié"
        VALIDE = "VALIDE", "Confirmé"
        REALISE = "REALISE", "Réalisé"
        ANNULE = "ANNULE", "Annulé"

    OUVERTS = (Statut.PLANIFIE, Statut.VALIDE)
    # Who plans what: the block whose right to write opens it.
    BLOCS = {
        Nature.RENDEZ_VOUS: Bloc.AGE,
        Nature.ACTIVITE: Bloc.ANI,
        Nature.VISITE: Bloc.AGE,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(Etablissement, on_delete=models.PROTECT, related_name="+")
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    serie = models.ForeignKey(
        Serie, null=True, blank=True, on_delete=models.PROTECT, related_name="seances"
    )
    detache = models.BooleanField("modifié à part de sa série", default=False)
    nature = models.CharField(max_length=12, choices=Nature, default=Nature.RENDEZ_VOUS)
    type = models.CharField("type", max_length=60, blank=True)
    libelle = models.CharField("libellé", max_length=120)
    lieu = models.CharField(max_length=120, blank=True)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    statut = models.CharField(max_length=10, choices=Statut, default=Statut.PLANIFIE)
    motif = models.CharField("motif de non-réalisation", max_length=30, blank=True)
    prestation = models.CharField("prestation SERAFIN-PH", max_length=60, blank=True)
    hors_prestation = models.BooleanField("hors prestation", default=False)
    transport = models.CharField("transport de la personne", max_length=30, blank=True)
    transport_professionnel = models.CharField(
        "transport du professionnel", max_length=30, blank=True
    )
    trajet_conducteur = models.CharField("qui conduit", max_length=30, blank=True)
    trajet_transporteur = models.CharField("transporteur", max_length=80, blank=True)
    trajet_accompagnant = models.CharField("qui accompagne", max_length=30, blank=True)
    trajet_km = models.DecimalField(
        "distance (km)", max_digits=6, decimal_places=1, null=True, blank=True
    )
    trajet_minutes = models.PositiveSmallIntegerField("durée (min)", null=True, blank=True)
    trajet_prevu = models.DecimalField(
        "coût prévu", max_digits=8, decimal_places=2, null=True, blank=True
    )
    trajet_reel = models.DecimalField(
        "coût réel", max_digits=8, decimal_places=2, null=True, blank=True
    )
    repas_inclus = models.BooleanField("repas inclus", default=False)
    commentaire = models.CharField("à savoir", max_length=300, blank=True)
    compte_rendu = models.TextField("compte rendu", blank=True)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cree_le = models.DateTimeField("écrit le", default=timezone.now)
    cle_saisie = models.UUIDField("clé de la saisie", null=True, unique=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RendezVousQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "cle_saisie"])

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        indexes = [
            models.Index(fields=["etablissement", "debut"], name="rendez_vous_maison"),
            models.Index(fields=["serie", "debut"], name="rendez_vous_serie"),
        ]
        constraints = [
            models.CheckConstraint(
                name="rendez_vous_ordonne",
                condition=Q(fin__gt=F("debut")),
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                name="rendez_vous_annule_dit_pourquoi",
                condition=~Q(statut="ANNULE") | ~Q(motif=""),
                violation_error_message="Un rendez-vous annulé dit pourquoi.",
            ),
        ]

    def __str__(self):
        return self.libelle

    @property
    def ouvert(self) -> bool:
        return self.statut in self.OUVERTS

    @property
    def bloc(self) -> Bloc:
        return self.BLOCS[self.Nature(self.nature)]
