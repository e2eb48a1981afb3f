import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle.enums import Action, Bloc
from dui.socle.models import Document, Dossier, Etablissement, LieAuDossierQuerySet, Tache, Unite


class EvenementQuerySet(LieAuDossierQuerySet):
    def visibles(self, habilitation, action=Action.VOIR):
        """About a record: as the record. About none (fire, staffing…): where one has the right."""
        du_dossier = Q(dossier__in=habilitation.dossiers_ouverts(Bloc.EI, action))
        maisons = habilitation.etablissements(Bloc.EI, action)
        return self.filter(du_dossier | Q(dossier=None, etablissement__in=maisons))

    def plus_recents(self):
        return self.order_by("-constate_le", "-id")

    def ouverts(self):
        return self.exclude(etat=EvenementIndesirable.Etat.CLOS)

    def du_lieu(self, etablissement, unite=None):
        return self.filter(unite=unite) if unite else self.filter(etablissement=etablissement)


class EvenementIndesirable(models.Model):
    """Something that happened and is declared. `faits`: the answers of the parts that its type
    asks for (coordination/evenements/donnees); codes, or short texts."""

    BLOC = Bloc.EI
    SOURCE = "evenement"  # of the tasks of its plan

    class Etat(models.TextChoices):
        DECLARE = "declare", "Déclaré"
        ANALYSE = "analyse", "En analyse"
        PLAN = "plan", "Plan d’action"
        CLOS = "clos", "Clos"

    class Gravite(models.IntegerChoices):
        MINEURE = 1, "Mineure"
        MODEREE = 2, "Modérée"
        GRAVE = 3, "Grave"
        CRITIQUE = 4, "Critique"

    class Prevenu(models.TextChoices):
        OUI = "oui", "Oui"
        NON = "non", "Pas encore"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    etablissement = models.ForeignKey(
        Etablissement, on_delete=models.PROTECT, related_name="evenements"
    )
    unite = models.ForeignKey(
        Unite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    dossier = models.ForeignKey(
        Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="indesirables"
    )
    type = models.CharField(max_length=30)
    gravite = models.PositiveSmallIntegerField("gravité", choices=Gravite, default=Gravite.MINEURE)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.DECLARE)
    survenu_le = models.DateTimeField("survenu le", null=True, blank=True)
    constate_le = models.DateTimeField("constaté le")
    lieu = models.CharField(max_length=30, blank=True)
    lieu_precis = models.CharField("précision du lieu", max_length=120, blank=True)
    circonstances = models.TextField()
    consequences = models.TextField("conséquences", blank=True)
    mesures = models.TextField("mesures immédiates", blank=True)
    faits = models.JSONField(default=dict, blank=True)
    famille = models.CharField("famille prévenue", max_length=3, choices=Prevenu, blank=True)
    famille_qui = models.CharField("qui", max_length=120, blank=True)
    famille_le = models.DateTimeField("famille prévenue le", null=True, blank=True)
    famille_par = models.CharField("par", max_length=120, blank=True)
    famille_motif = models.CharField("pourquoi pas", max_length=200, blank=True)
    medecin = models.CharField("médecin prévenu", max_length=3, choices=Prevenu, blank=True)
    medecin_qui = models.CharField("quel médecin", max_length=120, blank=True)
    medecin_le = models.DateTimeField("médecin prévenu le", null=True, blank=True)
    medecin_consignes = models.CharField("consignes du médecin", max_length=300, blank=True)
    medecin_motif = models.CharField("pourquoi pas", max_length=200, blank=True)
    # None: the declarer asked not to be named.
    declarant = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    fonction = models.CharField("fonction du déclarant", max_length=30, blank=True)
    declare_le = models.DateTimeField("déclaré le", default=timezone.now)
    causes = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    analyse = models.TextField(blank=True)
    bilan = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    cle_saisie = models.UUIDField("clé de la saisie", default=uuid.uuid4, unique=True)

    objects = EvenementQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "événement indésirable"
        verbose_name_plural = "événements indésirables"
        indexes = [
            models.Index(fields=["dossier", "-constate_le", "-id"], name="ei_dossier"),
            models.Index(fields=["etablissement", "-constate_le", "-id"], name="ei_registre"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ei_constate_apres",
                condition=Q(survenu_le=None) | Q(survenu_le__lte=F("constate_le")),
                violation_error_message="On constate un événement après qu’il survient.",
            ),
            models.CheckConstraint(
                name="ei_famille_dite",
                condition=Q(famille="")
                | (Q(famille="oui", famille_le__isnull=False) & ~Q(famille_qui=""))
                | (Q(famille="non") & ~Q(famille_motif="")),
                violation_error_message="Dites qui est prévenu et quand, ou pourquoi pas encore.",
            ),
            models.CheckConstraint(
                name="ei_medecin_dit",
                condition=Q(medecin="")
                | (Q(medecin="oui", medecin_le__isnull=False) & ~Q(medecin_qui=""))
                | (Q(medecin="non") & ~Q(medecin_motif="")),
                violation_error_message="Dites quel médecin et quand, ou pourquoi pas encore.",
            ),
            models.CheckConstraint(
                name="ei_clos_avec_bilan",
                condition=~Q(etat="clos") | ~Q(bilan=""),
                violation_error_message="Un événement clos porte son bilan.",
            ),
        ]

    def __str__(self):
        return f"Événement du {timezone.localtime(self.constate_le):%d/%m/%Y}"

    @property
    def plan(self):
        """Of its own block: what somebody passes on from its page is theirs, not the plan."""
        return Tache.objects.de_source(self.SOURCE, self.pk).filter(bloc=self.BLOC)

    @property
    def clos(self) -> bool:
        return self.etat == self.Etat.CLOS


class PersonneConcernee(models.Model):
    """A victim, a witness… of an event: another person of the house, a colleague, or a name."""

    class Qualite(models.TextChoices):
        VICTIME = "victime", "Victime"
        EXPOSEE = "exposee", "Exposée"
        AUTEUR = "auteur", "Auteur"
        TEMOIN = "temoin", "Témoin"

    evenement = models.ForeignKey(
        EvenementIndesirable, on_delete=models.PROTECT, related_name="personnes"
    )
    qualite = models.CharField("qualité", max_length=10, choices=Qualite)
    dossier = models.ForeignKey(
        Dossier, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    nom = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "personne concernée"
        verbose_name_plural = "personnes concernées"
        constraints = [
            models.CheckConstraint(
                name="personne_concernee_nommee",
                condition=Q(dossier__isnull=False, nom="") | (Q(dossier=None) & ~Q(nom="")),
                violation_error_message="Une personne de la maison, ou un nom.",
            )
        ]

    def __str__(self):
        return self.get_qualite_display()


class EtapeEvenement(models.Model):
    """One step of the life of an event, or of its report to the authorities; append-only."""

    evenement = models.ForeignKey(
        EvenementIndesirable, on_delete=models.PROTECT, related_name="etapes"
    )
    etape = models.CharField("étape", max_length=20)
    note = models.TextField(blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    le = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "étape d’un événement"
        verbose_name_plural = "étapes des événements"
        indexes = [models.Index(fields=["evenement", "le"], name="etape_evenement")]

    def __str__(self):
        return self.etape


class SignalementEig(models.Model):
    """The report of a serious event to the authorities (CASF L331-8-1, arrêté of 28/12/2016)."""

    class Etat(models.TextChoices):
        BROUILLON = "brouillon", "Brouillon"
        DECLARE = "declare", "Déclaré en interne"
        ANALYSE = "analyse", "Analysé"
        TRANSMIS = "transmis", "Transmis"
        COMPLETE = "complete", "Complété"
        CLOS = "clos", "Clos"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evenement = models.OneToOneField(
        EvenementIndesirable, on_delete=models.PROTECT, related_name="eig"
    )
    categorie = models.CharField("catégorie", max_length=20)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.BROUILLON)
    nature = models.TextField("nature de l’événement")
    victimes = models.PositiveSmallIntegerField("nombre de victimes", default=0)
    exposees = models.PositiveSmallIntegerField("nombre de personnes exposées", default=0)
    circonstances = models.TextField()
    consequences = models.TextField("conséquences")
    mesures = models.TextField("mesures immédiates")
    mesures_proches = models.TextField("mesures envers les personnes et leurs proches", blank=True)
    information = models.TextField("information des personnes et des proches", blank=True)
    suites_judiciaires = models.TextField("suites judiciaires ou administratives", blank=True)
    mediatique = models.TextField("écho dans les médias", blank=True)
    evolution = models.TextField("évolution attendue, difficultés", blank=True)
    declarant = models.CharField("déclarant", max_length=120)
    declarant_fonction = models.CharField("fonction du déclarant", max_length=80)
    declarant_telephone = models.CharField("téléphone", max_length=20, blank=True)
    anonyme = models.BooleanField("sans le nom de la personne", default=True)
    complement = models.TextField("complément transmis ensuite", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = "signalement d’un événement grave"
        verbose_name_plural = "signalements d’événements graves"

    def __str__(self):
        return f"Signalement {self.categorie}"

    @property
    def parti(self) -> bool:
        return self.etat in (self.Etat.TRANSMIS, self.Etat.COMPLETE, self.Etat.CLOS)


class EnvoiEig(models.Model):
    """To which authority, when, by what means, with what proof; append-only."""

    signalement = models.ForeignKey(SignalementEig, on_delete=models.PROTECT, related_name="envois")
    autorite = models.CharField("autorité", max_length=20)
    transmis_le = models.DateTimeField("transmis le")
    moyen = models.CharField(max_length=20)
    reference = models.CharField("référence", max_length=120, blank=True)
    preuve = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("noté le", default=timezone.now)

    class Meta:
        verbose_name = "envoi à une autorité"
        verbose_name_plural = "envois aux autorités"
        indexes = [models.Index(fields=["signalement", "transmis_le"], name="envoi_eig")]

    def __str__(self):
        return self.autorite
