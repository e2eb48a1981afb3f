from dui.socle.models.annuaire import (
    BalAnnuaire,
    ExerciceAnnuaire,
    ImportAnnuaire,
    ProfessionnelAnnuaire,
    RejetAnnuaire,
    SourceAnnuaire,
    StructureAnnuaire,
)
from dui.socle.models.brouillons import Brouillon, SaisieEnAttente
from dui.socle.models.cellule import (
    EcartAnnuaire,
    HomonymeConfirme,
    IdentiteRecue,
    Ressemblance,
)
from dui.socle.models.comptes import Compte
from dui.socle.models.contacts import Contact
from dui.socle.models.correspondants import Correspondant
from dui.socle.models.documents import Document
from dui.socle.models.dossiers import Dossier, DossierQuerySet, LieAuDossierQuerySet, Sejour
from dui.socle.models.evenements import Evenement
from dui.socle.models.fusions import Deplacement, Doublon, Fusion
from dui.socle.models.identites import ControlePiece, LieuNaissance, ReglagePiece
from dui.socle.models.insi import AppelInsi, AttenteInsi, LotVerification, VerificationDemandee
from dui.socle.models.journal import EntreeJournal, Scellement
from dui.socle.models.lignes import LigneNotee, LigneNoteeQuerySet
from dui.socle.models.messages_sortants import MessageSortant
from dui.socle.models.nomenclatures import CodeNomenclature, Nomenclature
from dui.socle.models.organisations import Etablissement, Organisme, Place, Unite
from dui.socle.models.professionnels import Professionnel
from dui.socle.models.taches import LectureTache, Tache
from dui.socle.models.usagers import Usager

__all__ = [
    "AppelInsi",
    "AttenteInsi",
    "BalAnnuaire",
    "Brouillon",
    "CodeNomenclature",
    "Compte",
    "Contact",
    "ControlePiece",
    "Correspondant",
    "Deplacement",
    "Document",
    "Dossier",
    "DossierQuerySet",
    "Doublon",
    "EcartAnnuaire",
    "EntreeJournal",
    "Etablissement",
    "Evenement",
    "ExerciceAnnuaire",
    "Fusion",
    "HomonymeConfirme",
    "IdentiteRecue",
    "ImportAnnuaire",
    "LectureTache",
    "LieAuDossierQuerySet",
    "LieuNaissance",
    "LigneNotee",
    "LigneNoteeQuerySet",
    "LotVerification",
    "MessageSortant",
    "Nomenclature",
    "Organisme",
    "Place",
    "Professionnel",
    "ProfessionnelAnnuaire",
    "ReglagePiece",
    "RejetAnnuaire",
    "Ressemblance",
    "SaisieEnAttente",
    "Scellement",
    "Sejour",
    "SourceAnnuaire",
    "StructureAnnuaire",
    "Tache",
    "Unite",
    "Usager",
    "VerificationDemandee",
]
