import uuid

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from simple_history.models import HistoricalRecords

from dui.socle import ins, statuts
from dui.socle.enums import Civilite, Precision, Recueil, Sexe, StatutIdentite
from dui.socle.identite import cle_comparaison
from dui.socle.requetes import HistoriseQuerySet


class UsagerQuerySet(HistoriseQuerySet):
    def ressemblant(self, texte: str):
        """Every word typed is a part of a name, whatever its accents, hyphens and order."""
        requete = self
        for mot in texte.replace("-", " ").replace("'", " ").replace("’", " ").split():
            requete = requete.filter(
                recherche__contains=Func(Value(mot), function="dui_normaliser")
            )
        return requete


class Usager(models.Model):
    """The accompanied person: strict traits of the RNIV, used names, INS facts.

    `date_naissance` is the interpreted date (INS rule for unknown parts), `naissance_incomplete`
    says what is unknown. The INS status derives from two facts and is never stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nom_naissance = models.CharField("nom de naissance", max_length=100)
    prenoms = models.CharField("prénoms de naissance", max_length=200)
    premier_prenom = models.CharField("premier prénom de naissance", max_length=100)
    nom_utilise = models.CharField("nom utilisé", max_length=100, blank=True)
    prenom_utilise = models.CharField("prénom utilisé", max_length=100, blank=True)
    civilite = models.CharField("civilité", max_length=4, choices=Civilite, blank=True)
    sexe = models.CharField(max_length=1, choices=Sexe)
    date_naissance = models.DateField("date de naissance")
    naissance_incomplete = models.CharField(
        "date incomplète", max_length=10, choices=Precision, blank=True, default=""
    )
    lieu_naissance_cog = models.CharField(
        "code du lieu de naissance",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^(\d{5}|2[AB]\d{3})$", "Code officiel géographique attendu.")],
    )
    commune_naissance = models.CharField("lieu de naissance", max_length=100, blank=True)
    matricule_ins = models.CharField("matricule INS", max_length=15, blank=True)
    oid_ins = models.CharField("nature du matricule (OID)", max_length=30, blank=True)
    recueil = models.CharField(
        "recueil des traits",
        max_length=4,
        choices=Recueil,
        blank=True,
        default="",
        db_default="",  # the former version still inserts while this one is being deployed
    )
    interroge_insi_le = models.DateTimeField("dernier appel à INSi", null=True, blank=True)
    ins_recuperee = models.BooleanField("identité récupérée par INSi", default=False)
    identite_validee = models.BooleanField("identité validée par une pièce", default=False)
    homonyme = models.BooleanField(default=False)
    douteuse = models.BooleanField("identité douteuse", default=False)
    fictive = models.BooleanField("identité fictive", default=False)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField(blank=True)
    langue = models.CharField("langue parlée", max_length=60, blank=True)
    nationalite = models.CharField("nationalité", max_length=60, blank=True)
    situation_familiale = models.CharField(max_length=40, blank=True)
    portrait = models.PositiveSmallIntegerField("portrait dessiné", default=0)
    date_deces = models.DateField("date de décès", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    recherche = models.GeneratedField(
        expression=Func(
            Concat(
                "nom_naissance",
                Value(" "),
                "prenoms",
                Value(" "),
                "nom_utilise",
                Value(" "),
                "prenom_utilise",
            ),
            function="dui_normaliser",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = UsagerQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "recherche"])

    class Meta:
        verbose_name = "usager"
        indexes = [
            models.Index(fields=["date_naissance"], name="usager_ddn"),
            models.Index(fields=["recherche"], name="usager_nom"),  # a list goes down the names
        ]
        constraints = [
            models.CheckConstraint(
                name="usager_fictive_exclusive",
                condition=Q(fictive=False) | Q(homonyme=False, douteuse=False),
                violation_error_message="Une identité fictive ne porte aucun autre attribut.",
            ),
            models.CheckConstraint(
                name="usager_douteuse_provisoire",
                condition=Q(douteuse=False, fictive=False)
                | Q(ins_recuperee=False, identite_validee=False),
                violation_error_message="Une identité douteuse ou fictive est provisoire.",
            ),
            models.CheckConstraint(
                name="usager_matricule_avec_oid",
                condition=Q(matricule_ins="", oid_ins="") | (~Q(matricule_ins="") & ~Q(oid_ins="")),
                violation_error_message="Un matricule INS va toujours avec son OID.",
            ),
            models.CheckConstraint(
                name="usager_recuperee_avec_matricule",
                condition=Q(ins_recuperee=False) | ~Q(matricule_ins=""),
                violation_error_message="Une identité récupérée porte son matricule INS.",
            ),
            models.UniqueConstraint(
                fields=["matricule_ins", "oid_ins"],
                condition=Q(ins_recuperee=True),
                name="usager_ins_unique",
                violation_error_message="Une autre identité porte déjà ce matricule INS.",
            ),
        ]

    def __str__(self):
        return self.nom_affiche

    @property
    def nom_affiche(self) -> str:
        """DURAND Marie: the birth name stays first, it is the one that identifies."""
        return f"{self.nom_naissance} {self.prenom_affiche}"

    @property
    def prenom_affiche(self) -> str:
        """The first name of birth as one writes it; the strict trait keeps its capitals."""
        premier, utilise = self.premier_prenom, self.prenom_utilise
        if utilise and cle_comparaison(utilise) == cle_comparaison(premier):
            return utilise
        return premier.title() if premier.isupper() else premier

    @property
    def usage_affiche(self) -> str:
        """LE BIHAN Maïté: the used names, only those that differ from the names of birth."""
        nom, prenom = self.nom_utilise, self.prenom_utilise
        if cle_comparaison(nom) == cle_comparaison(self.nom_naissance):
            nom = ""
        if cle_comparaison(prenom) == cle_comparaison(self.premier_prenom):
            prenom = ""
        return f"{nom.upper()} {prenom}".strip()

    @property
    def nom_usuel(self) -> str:
        """What one calls the person: Mme DURAND, M. LE GOFF, or the first name of a child."""
        civilites = {Civilite.MADAME: "Mme", Civilite.MONSIEUR: "M."}
        nom = self.nom_utilise or self.nom_naissance
        if self.civilite:
            return f"{civilites[Civilite(self.civilite)]} {nom.upper()}"
        return self.prenom_utilise or self.premier_prenom.title()

    def clean(self):
        if not ins.oid_admis(self.oid_ins):
            raise ValidationError({"oid_ins": ins.OID_REFUSE})

    @property
    def faits_identite(self) -> statuts.Faits:
        return statuts.Faits(
            recuperee=self.ins_recuperee,
            validee=self.identite_validee,
            homonyme=self.homonyme,
            douteuse=self.douteuse,
            fictive=self.fictive,
        )

    @faits_identite.setter
    def faits_identite(self, faits: statuts.Faits) -> None:
        self.ins_recuperee, self.identite_validee = faits.recuperee, faits.validee
        self.homonyme, self.douteuse, self.fictive = faits.homonyme, faits.douteuse, faits.fictive

    @property
    def statut_identite(self) -> StatutIdentite:
        return self.faits_identite.statut

    @property
    def traits_verrouilles(self) -> bool:
        """Strict traits that come from INSi are not typed over (RNIV, r. 26)."""
        return self.ins_recuperee

    @property
    def ins_a_verifier(self) -> bool:
        """A list or a datamatrix gave a matricule that INSi has not confirmed."""
        return bool(self.matricule_ins) and not self.ins_recuperee

    @property
    def ins_affiche(self) -> str:
        """The grouped number and its nature, only when it may leave: see `dui.socle.ins`."""
        trouvee = ins.transmissible(self)
        return str(trouvee) if trouvee else ""

    @property
    def naissance_affichee(self) -> str:
        formes = {
            Precision.COMPLETE: "%d/%m/%Y",
            Precision.JOUR: "%m/%Y (jour inconnu)",
            Precision.MOIS: "%d/00/%Y (mois inconnu)",
            Precision.JOUR_MOIS: "%Y (jour et mois inconnus)",
            Precision.ANNEE: "vers %Y",
        }
        return self.date_naissance.strftime(formes[Precision(self.naissance_incomplete)])

    def fete_le(self, jour) -> bool:
        """Is it the birthday? Never when the day or the month is unknown."""
        naissance = self.date_naissance
        return not self.naissance_incomplete and (naissance.month, naissance.day) == (
            jour.month,
            jour.day,
        )

    def age(self, le=None) -> int:
        """Whole years at `le` (today by default), or at death."""
        le = le or self.date_deces or timezone.localdate()
        fete = (le.month, le.day) >= (self.date_naissance.month, self.date_naissance.day)
        return le.year - self.date_naissance.year - (not fete)
