"""Closed lists that the code itself reasons on. Everything else is a Nomenclature (data)."""

from django.db import models


class Bloc(models.TextChoices):
    """The 35 blocks of a record: a right is always (role, block, action)."""

    ID = "ID", "Identité, INS, bandeau"
    IDV = "IDV", "Identitovigilance"
    ENT = "ENT", "Entourage, personne de confiance, contacts"
    ADM = "ADM", "Admission, séjour, mouvements, chambre"
    JUR = "JUR", "Protection juridique, directives anticipées, droit à l’image"
    FAC = "FAC", "Droits, prise en charge financière, facturation"
    DOCA = "DOCA", "Documents administratifs"
    ANT = "ANT", "Antécédents, allergies, problèmes de santé"
    OBS = "OBS", "Observations médicales"
    PRE = "PRE", "Prescriptions"
    RES = "RES", "Résultats, courriers, comptes rendus"
    VAC = "VAC", "Vaccinations"
    PLS = "PLS", "Plan de soins"
    ADMM = "ADMM", "Administration des médicaments"
    CST = "CST", "Constantes et surveillances"
    TRA = "TRA", "Transmissions ciblées"
    AVQ = "AVQ", "Actes de la vie quotidienne"
    EVA = "EVA", "AGGIR, PATHOS, échelles"
    PSY = "PSY", "Notes du psychologue"
    REE = "REE", "Rééducation"
    NUT = "NUT", "Alimentation, régimes, textures"
    PP = "PP", "Projet personnalisé"
    EDU = "EDU", "Suivi éducatif"
    SOC = "SOC", "Suivi social"
    ANI = "ANI", "Vie sociale, animation"
    AGE = "AGE", "Agenda, rendez-vous, transports"
    EI = "EI", "Événements indésirables"
    MSS = "MSS", "Messagerie MSSanté"
    DMPC = "DMPC", "Consultation du DMP"
    DMPA = "DMPA", "Alimentation du DMP"
    EXP = "EXP", "Export complet du dossier"
    STA = "STA", "Statistiques, indicateurs"
    AUD = "AUD", "Traces d’accès"
    PAR = "PAR", "Paramétrage, comptes, rôles"
    BDG = "BDG", "Bris de glace"


class Action(models.TextChoices):
    RESUME = "resume", "Voir l’essentiel"
    VOIR = "voir", "Consulter"
    SAISIR = "saisir", "Saisir"
    VALIDER = "valider", "Valider"
    PRESCRIRE = "prescrire", "Prescrire"
    EXPORTER = "exporter", "Exporter"
    ADMINISTRER = "administrer", "Administrer"


class Domaine(models.TextChoices):
    PA = "PA", "Personnes âgées"
    PH = "PH", "Handicap"
    DOM = "DOM", "Domicile"
    PDS = "PDS", "Personnes en difficulté spécifique"
    PDE = "PDE", "Protection de l’enfance"
    AHI = "AHI", "Accueil, hébergement, insertion"


class MotPersonne(models.TextChoices):
    """The word an establishment uses for the accompanied person (singular; plural in MOTS)."""

    RESIDENT = "resident", "résident"
    USAGER = "usager", "usager"
    PERSONNE = "personne", "personne accompagnée"
    ENFANT = "enfant", "enfant"
    JEUNE = "jeune", "jeune"
    BENEFICIAIRE = "beneficiaire", "bénéficiaire"

    @property
    def pluriel(self) -> str:
        return "personnes accompagnées" if self is MotPersonne.PERSONNE else f"{self.label}s"

    @property
    def indefini(self) -> str:
        return f"une {self.label}" if self is MotPersonne.PERSONNE else f"un {self.label}"


class Sexe(models.TextChoices):
    """JDV_J143."""

    M = "M", "Masculin"
    F = "F", "Féminin"
    I = "I", "Indéterminé"  # noqa: E741 — code of the national list


class Civilite(models.TextChoices):
    MADAME = "MME", "Madame"
    MONSIEUR = "M", "Monsieur"


class StatutIdentite(models.TextChoices):
    """RNIV 1, EXI SI 07: four exclusive statuses, derived from two facts (never stored)."""

    PROVISOIRE = "PROV", "Provisoire"
    RECUPEREE = "RECUP", "Récupérée"
    VALIDEE = "VALI", "Validée"
    QUALIFIEE = "QUAL", "Qualifiée"


class Precision(models.TextChoices):
    """What is not known in a date of birth; the stored date then follows the INS rule."""

    COMPLETE = "", "Date complète"
    JOUR = "jour", "Jour inconnu"
    MOIS = "mois", "Mois inconnu"
    JOUR_MOIS = "jour_mois", "Jour et mois inconnus"
    ANNEE = "annee", "Année estimée"


class Recueil(models.TextChoices):
    """How the present strict traits were collected (FR Core, methodCollection)."""

    SAISIE = "SM", "Saisie manuelle"
    CARTE_VITALE = "CV", "Carte Vitale"
    INSI = "INSI", "Téléservice INSi"
    DATAMATRIX = "CB", "Datamatrix INS"
    RFID = "RFID", "Puce sans contact"
    APPLI_VITALE = "AV", "Application carte Vitale"


class Confiance(models.TextChoices):
    """What a document proves about its holder (RNIV 1, §3.3)."""

    ELEVEE = "elevee", "Haut niveau de confiance"
    CONDITIONNELLE = "conditionnelle", "Haut niveau de confiance sous condition"
    A_CONFIRMER = "a_confirmer", "À confirmer dans le référentiel en vigueur"
    FAIBLE = "faible", "Ne suffit pas à valider l’identité"
