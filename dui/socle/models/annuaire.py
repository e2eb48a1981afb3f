"""The local copy of the national directory of professionals (« annuaire santé »).

No foreign key between these tables: each full import builds new ones aside and puts them in place
of the former (dui/socle/annuaire/tables.py). Keys are natural, so that files and API meet.
"""

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Concat

CLE = 120  # characters of a national identifier, some with a local suffix


def normalise(*champs):
    """Lower case, no accent, hyphens as spaces; collation C: one index for order and prefix."""
    morceaux = [m for c in champs for m in (c, Value(" "))][:-1]
    source = Concat(*morceaux) if len(morceaux) > 1 else models.F(champs[0])
    return models.GeneratedField(
        expression=Func(source, function="dui_normaliser"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )


class ProfessionnelAnnuaire(models.Model):
    """`idnps`: national identifier, 8 then the RPPS number for most of them."""

    idnps = models.CharField("identifiant national", max_length=CLE, primary_key=True)
    rpps = models.CharField("n° RPPS", max_length=11, blank=True)
    civilite = models.CharField("civilité", max_length=20, blank=True)
    nom = models.CharField(max_length=100)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    identifiant_api = models.CharField(max_length=64, blank=True)
    actif = models.BooleanField(default=True)

    class Meta:
        db_table = "annuaire_professionnel"
        verbose_name = "professionnel de l’annuaire"
        verbose_name_plural = "professionnels de l’annuaire"

    def __str__(self):
        return f"{self.prenom} {self.nom}".strip()


class StructureAnnuaire(models.Model):
    """`identifiant`: a digit for its kind, then FINESS (1), SIREN (2), SIRET (3), RPPS rang (4)…"""

    identifiant = models.CharField(max_length=CLE, primary_key=True)
    finess = models.CharField("n° FINESS", max_length=9, blank=True)
    finess_ej = models.CharField("n° FINESS juridique", max_length=9, blank=True)
    nom = models.CharField("raison sociale", max_length=250, blank=True)
    enseigne = models.CharField(max_length=250, blank=True)
    secteur = models.CharField(max_length=10, blank=True)
    adresse = models.CharField(max_length=250, blank=True)
    code_postal = models.CharField(max_length=10, blank=True)
    commune = models.CharField(max_length=100, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    identifiant_api = models.CharField(max_length=64, blank=True)
    actif = models.BooleanField(default=True)
    recherche = normalise("nom", "enseigne")
    lieu = normalise("commune")

    class Meta:
        db_table = "annuaire_structure"
        verbose_name = "structure de l’annuaire"
        verbose_name_plural = "structures de l’annuaire"
        indexes = [
            models.Index(fields=["recherche", "identifiant"], name="annuaire_structure_nom"),
            models.Index(
                fields=["lieu", "recherche", "identifiant"], name="annuaire_structure_lieu"
            ),
            models.Index(fields=["finess"], name="annuaire_structure_finess"),
        ]

    def __str__(self):
        return self.nom or self.enseigne


class ExerciceAnnuaire(models.Model):
    """One activity of a professional: profession, mode of practice, where. What one chooses.

    `cle`: MD5 of what tells two activities apart, or « api: » and the number of the API.
    """

    cle = models.CharField(max_length=80, primary_key=True)
    idnps = models.CharField("identifiant national", max_length=CLE)
    rpps = models.CharField("n° RPPS", max_length=11, blank=True)
    civilite = models.CharField("civilité", max_length=20, blank=True)
    nom = models.CharField(max_length=100)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    profession = models.CharField(max_length=10, blank=True)
    savoir_faire = models.CharField("savoir-faire", max_length=20, blank=True)
    mode = models.CharField("mode d’exercice", max_length=10, blank=True)
    structure = models.CharField(max_length=CLE, blank=True)
    commune = models.CharField(max_length=100, blank=True)
    code_postal = models.CharField(max_length=10, blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    actif = models.BooleanField(default=True)
    recherche = normalise("nom", "prenom")
    lieu = normalise("commune")

    class Meta:
        db_table = "annuaire_exercice"
        verbose_name = "exercice de l’annuaire"
        verbose_name_plural = "exercices de l’annuaire"
        indexes = [
            models.Index(fields=["idnps"], name="annuaire_exercice_idnps"),
            models.Index(fields=["rpps"], name="annuaire_exercice_rpps"),
            models.Index(fields=["structure"], name="annuaire_exercice_structure"),
            models.Index(fields=["recherche", "cle"], name="annuaire_exercice_nom"),
            models.Index(fields=["lieu", "recherche", "cle"], name="annuaire_exercice_lieu"),
            models.Index(
                fields=["profession", "lieu", "recherche", "cle"], name="annuaire_exercice_metier"
            ),
        ]

    def __str__(self):
        return f"{self.prenom} {self.nom}".strip()


class BalAnnuaire(models.Model):
    """An MSSanté address that may be offered: one on the red list is never kept."""

    class Type(models.TextChoices):
        PERSONNELLE = "PER", "personnelle"
        ORGANISATION = "ORG", "de la structure"
        APPLICATION = "APP", "d’un logiciel"
        CABINET = "CAB", "du cabinet"

    cle = models.CharField(max_length=80, primary_key=True)
    adresse = models.CharField("adresse MSSanté", max_length=254)
    type = models.CharField(max_length=3, choices=Type)
    idnps = models.CharField(max_length=CLE, blank=True)
    structure = models.CharField(max_length=CLE, blank=True)
    service = models.CharField(max_length=160, blank=True)
    dematerialisation = models.BooleanField("accepte la dématérialisation", default=False)

    class Meta:
        db_table = "annuaire_bal"
        verbose_name = "adresse MSSanté de l’annuaire"
        verbose_name_plural = "adresses MSSanté de l’annuaire"
        indexes = [
            models.Index(fields=["idnps"], name="annuaire_bal_idnps"),
            models.Index(fields=["structure"], name="annuaire_bal_structure"),
            models.Index(fields=["adresse"], name="annuaire_bal_adresse"),
        ]

    def __str__(self):
        return self.adresse


class SourceAnnuaire(models.Model):
    """The state of each source: what the local copy holds, since when, and what fails."""

    class Code(models.TextChoices):
        ACTIVITES = "activites", "Extraction des professionnels et de leurs activités"
        MSSANTE = "mssante", "Extraction des adresses MSSanté"
        API = "api", "API Annuaire Santé"

    code = models.CharField(max_length=20, choices=Code, primary_key=True)
    bonne_copie_le = models.DateTimeField("dernière bonne copie", null=True)
    # API: what has changed since then is still to be asked.
    donnees_du = models.DateTimeField("données du", null=True)
    lignes = models.PositiveIntegerField(default=0)
    essai_le = models.DateTimeField("dernier essai", null=True)
    echecs = models.PositiveIntegerField("échecs depuis", default=0)
    motif = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "annuaire_source"
        verbose_name = "source de l’annuaire"
        verbose_name_plural = "sources de l’annuaire"

    def __str__(self):
        return self.get_code_display()


class ImportAnnuaire(models.Model):
    """One file read: how far, so that an import that was stopped goes on from there."""

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "en cours"
        PUBLIE = "publie", "publié"
        REFUSE = "refuse", "refusé"
        ABANDONNE = "abandonne", "abandonné"

    class Etape(models.TextChoices):
        LECTURE = "lecture", "lecture"
        CONSTRUCTION = "construction", "construction"

    format = models.CharField(max_length=20)
    fichier = models.CharField(max_length=200)
    empreinte = models.CharField(max_length=64)
    taille = models.BigIntegerField(default=0)
    delta = models.BooleanField(default=False)
    etat = models.CharField(max_length=10, choices=Etat, default=Etat.EN_COURS)
    etape = models.CharField(max_length=12, choices=Etape, default=Etape.LECTURE)
    position = models.BigIntegerField("octets lus", default=0)
    ligne = models.PositiveIntegerField("lignes lues", default=0)
    retenues = models.PositiveIntegerField(default=0)
    rejetees = models.PositiveIntegerField(default=0)
    avertissements = models.PositiveIntegerField(default=0)
    reprises = models.PositiveIntegerField(default=0)
    commence_le = models.DateTimeField(auto_now_add=True)
    fini_le = models.DateTimeField(null=True)
    motif = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "annuaire_import"
        verbose_name = "import de l’annuaire"
        verbose_name_plural = "imports de l’annuaire"
        indexes = [models.Index(fields=["format", "-id"], name="annuaire_import_format")]

    def __str__(self):
        return f"{self.fichier} ({self.get_etat_display()})"


class RejetAnnuaire(models.Model):
    """A line of a file that was left out. Its number and why, never what it said."""

    importation = models.ForeignKey(ImportAnnuaire, on_delete=models.CASCADE, related_name="rejets")
    ligne = models.PositiveIntegerField()
    motif = models.CharField(max_length=200)

    class Meta:
        db_table = "annuaire_rejet"
        verbose_name = "ligne rejetée"
        verbose_name_plural = "lignes rejetées"
        ordering = ["ligne", "pk"]

    def __str__(self):
        return f"ligne {self.ligne} : {self.motif}"
