"""What `/administration/` shows. A test refuses any model tied to a person's record."""

from dui.socle import models as socle
from habilitations import models
from habilitations.administration.modeles import (
    ETABLISSEMENT,
    ROLE,
    UNITE,
    AffectationAdmin,
    Base,
    CompteAdmin,
    LectureSeule,
    MessageSortantAdmin,
)
from habilitations.administration.site import site


class EtablissementAdmin(Base):
    list_display = ("nom", "finess", "domaine", "organisme")
    list_select_related = ("organisme",)
    search_fields = ("nom", "finess")


class UniteAdmin(Base):
    list_display = ("nom", ETABLISSEMENT, "ordre")
    list_select_related = ("etablissement",)
    list_filter = ("etablissement",)


class PlaceAdmin(Base):
    list_display = ("__str__", UNITE, "ordre")
    list_select_related = ("unite",)
    list_filter = ("unite__etablissement",)


class ProfessionnelAdmin(Base):
    list_display = ("nom", "prenom", "libelle_fonction", "rpps")
    search_fields = ("nom", "prenom", "rpps")
    raw_id_fields = ("compte",)
    ordering = ("nom", "prenom", "pk")


class SourceAnnuaireAdmin(LectureSeule):
    list_display = ("__str__", "bonne_copie_le", "donnees_du", "lignes", "echecs", "motif")
    ordering = ("code",)


class ImportAnnuaireAdmin(LectureSeule):
    list_display = ("fichier", "etat", "commence_le", "fini_le", "retenues", "rejetees", "motif")
    list_filter = ("format", "etat")
    ordering = ("-pk",)


class RoleAdmin(LectureSeule):
    list_display = ("code", "libelle", "acteur")
    ordering = ("ordre", "code")


class DroitAdmin(LectureSeule):
    list_display = (ROLE, "bloc", "action", "note")
    list_filter = ("role", "bloc")
    list_select_related = ("role",)
    ordering = ("role__ordre", "bloc", "pk")


class ReglageAdmin(LectureSeule):
    list_display = (ROLE, "bloc", "action", "accorde", "motif")
    list_select_related = ("role",)
    ordering = ("role__ordre", "bloc", "pk")


class NomenclatureAdmin(LectureSeule):
    list_display = ("code", "libelle", "version", "source")
    ordering = ("code",)


class CodeAdmin(LectureSeule):
    list_display = ("code", "libelle", "nomenclature", "actif")
    list_filter = ("nomenclature",)
    list_select_related = ("nomenclature",)
    ordering = ("nomenclature", "ordre", "code")


INSCRITS = {
    socle.Compte: CompteAdmin,
    socle.Organisme: Base,
    socle.Etablissement: EtablissementAdmin,
    socle.Unite: UniteAdmin,
    socle.Place: PlaceAdmin,
    socle.Professionnel: ProfessionnelAdmin,
    socle.Nomenclature: NomenclatureAdmin,
    socle.CodeNomenclature: CodeAdmin,
    socle.MessageSortant: MessageSortantAdmin,
    socle.SourceAnnuaire: SourceAnnuaireAdmin,
    socle.ImportAnnuaire: ImportAnnuaireAdmin,
    models.Affectation: AffectationAdmin,
    models.Role: RoleAdmin,
    models.Droit: DroitAdmin,
    models.ReglageDroit: ReglageAdmin,
}
for modele, presentation in INSCRITS.items():
    site.register(modele, presentation)
