"""Invented persons, places and records. A dossier comes with its current stay unless
`sejour=None`; `DossierFactory(sejour__unite=unite)` puts it where one wants."""

import hashlib
import uuid
import zlib
from collections import defaultdict
from datetime import date

import factory
from factory.django import DjangoModelFactory, Password

from dui.socle import coffre

MOT_DE_PASSE = "quatre mots sans rapport"
ENTREE = date(2024, 1, 8)
NOMS = ("DURAND", "LE GOFF", "BENALI", "MARTIN", "D'ALMEIDA", "NGUYEN", "PETIT-JEAN", "ROUSSEAU")
PRENOMS = ("MARIE", "YVONNE", "LEÏLA", "COLETTE", "ODETTE")


class Tirage:
    """Names one after the other. A test draws the same ones whatever ran before it (an apostrophe
    is written otherwise in HTML: it must not come one run in eight)."""

    def __init__(self) -> None:
        self.recommencer("")

    def recommencer(self, test: str) -> None:
        self._rangs = defaultdict(lambda: zlib.crc32(test.encode()))

    def suivant(self, choix: tuple[str, ...]) -> str:
        self._rangs[choix] += 1
        return choix[self._rangs[choix] % len(choix)]


tirage = Tirage()


class OrganismeFactory(DjangoModelFactory):
    """One per database: every factory shares it."""

    class Meta:
        model = "socle.Organisme"
        django_get_or_create = ["finess_ej"]

    nom = "Association Les Tilleuls"
    finess_ej = "590000001"


class EtablissementFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Etablissement"

    class Params:
        enfance = factory.Trait(domaine="PDE", mot_personne="enfant")
        handicap = factory.Trait(domaine="PH", mot_personne="usager")

    organisme = factory.SubFactory(OrganismeFactory)
    nom = factory.Sequence(lambda n: f"Résidence des Tilleuls {n}")
    finess = factory.Sequence(lambda n: f"59{n + 100:07d}")
    domaine = "PA"
    telephone = "03 20 00 00 00"


class UniteFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Unite"

    etablissement = factory.SubFactory(EtablissementFactory)
    nom = factory.Sequence(lambda n: f"Magnolia {n}")
    ordre = factory.Sequence(lambda n: n % 30_000)


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Place"

    unite = factory.SubFactory(UniteFactory)
    chambre = factory.Sequence(lambda n: str(n + 1))
    ordre = factory.Sequence(lambda n: n + 1)


class UsagerFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Usager"

    class Params:
        homme = factory.Trait(sexe="M", civilite="M", prenoms="HENRI PAUL", premier_prenom="HENRI")
        qualifiee = factory.Trait(
            ins_recuperee=True,
            identite_validee=True,
            matricule_ins=factory.Sequence(lambda n: f"2400363220{n % 1000:03d}00"),
            oid_ins="1.2.250.1.213.1.4.11",
        )

    nom_naissance = factory.LazyFunction(lambda: tirage.suivant(NOMS))
    prenoms = factory.LazyAttribute(lambda u: f"{u.premier_prenom} JEANNE")
    premier_prenom = factory.LazyFunction(lambda: tirage.suivant(PRENOMS))
    sexe = "F"
    civilite = "MME"
    date_naissance = date(1940, 3, 12)
    lieu_naissance_cog = "59350"
    commune_naissance = "Lille"


class DossierFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Dossier"
        skip_postgeneration_save = True

    class Params:
        clos = factory.Trait(clos_le=date(2025, 6, 30))

    organisme = factory.SubFactory(OrganismeFactory)
    usager = factory.SubFactory(UsagerFactory)
    numero = factory.Sequence(lambda n: f"D{n:05d}")
    ouvert_le = date(2024, 1, 5)
    sejour = factory.RelatedFactory(
        "tests.socle.factories.SejourFactory", factory_related_name="dossier"
    )


class DuLieu(factory.SubFactory):
    """What the unit or the place named by the caller implies; else what the factory makes."""

    def evaluate(self, instance, step, extra):
        place, unite = (step.builder.extras.get(nom) for nom in ("place", "unite"))
        unite = place.unite if place else unite
        if self.get_factory() is PlaceFactory and instance.unite is None:
            return None
        if unite and self.get_factory() is not PlaceFactory:
            return unite if self.get_factory() is UniteFactory else unite.etablissement
        return super().evaluate(instance, step, extra)


class SejourFactory(DjangoModelFactory):
    """A current stay with its place. `unite` or `place` alone say where; `place=None` and
    `unite=None` are possible (care at home)."""

    class Meta:
        model = "socle.Sejour"

    class Params:
        sorti = factory.Trait(sortie_le=date(2025, 3, 31))

    dossier = factory.SubFactory(DossierFactory, sejour=None)
    etablissement = DuLieu(EtablissementFactory)
    unite = DuLieu(UniteFactory, etablissement=factory.SelfAttribute("..etablissement"))
    place = DuLieu(PlaceFactory, unite=factory.SelfAttribute("..unite"))
    entree_le = ENTREE
    place_depuis = factory.LazyAttribute(lambda s: s.entree_le if s.place else None)


class CompteFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Compte"

    username = factory.Sequence(lambda n: f"compte{n}")
    first_name = factory.Iterator(["Claire", "Solène", "Karim", "Anaïs", "Mathieu"])
    last_name = factory.Iterator(["Martin", "Lefèvre", "Haddad", "Moreau", "Girard", "Petit"])
    email = factory.LazyAttribute(lambda c: f"{c.username}@exemple.fr")
    password = Password(MOT_DE_PASSE)


class ProfessionnelFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Professionnel"

    compte = factory.SubFactory(CompteFactory)
    civilite = "MME"
    nom = factory.LazyAttribute(lambda p: p.compte.last_name if p.compte else "Petit")
    prenom = factory.LazyAttribute(lambda p: p.compte.first_name if p.compte else "Anne")
    libelle_fonction = "Infirmière"
    profession = "60"


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Contact"

    dossier = factory.SubFactory(DossierFactory)
    civilite = "MME"
    nom = "Durand"
    prenom = "Sophie"
    role = "ECON"
    relation = "DAUC"
    ordre_appel = factory.Sequence(lambda n: n % 20 + 1)
    telephone = "06 12 34 56 78"


class CorrespondantFactory(DjangoModelFactory):
    class Meta:
        model = "socle.Correspondant"

    dossier = factory.SubFactory(DossierFactory)
    professionnel = factory.SubFactory(
        ProfessionnelFactory,
        compte=None,
        nom="PETIT",
        prenom="Hélène",
        libelle_fonction="Médecine générale",
        profession="10",
    )
    role = "MEDECIN_TRAITANT"
    structure = "CABINET DU PORT"
    structure_identifiant = "4C100"
    commune = "Saumur"
    code_postal = "49400"
    telephone = "0241000001"
    mssante = "helene.petit@medecin.mssante.example.org"
    debut = date(2024, 2, 1)


class DocumentFactory(DjangoModelFactory):
    """`contenu` is really encrypted and filed: `coffre.contenu(document)` reads it back."""

    class Meta:
        model = "socle.Document"

    class Params:
        contenu = b"%PDF-1.7 essai"

    id = factory.LazyFunction(uuid.uuid4)
    dossier = factory.SubFactory(DossierFactory)
    bloc = "DOCA"
    type = "courrier"
    titre = "Compte rendu de consultation"
    type_mime = "application/pdf"
    taille = factory.LazyAttribute(lambda d: len(d.contenu))
    sha256 = factory.LazyAttribute(lambda d: hashlib.sha256(d.contenu).digest())
    depose_par = factory.SubFactory(CompteFactory)
    coffre = factory.LazyAttribute(lambda d: coffre.ranger(d.contenu, contexte=d.id.bytes))

    @classmethod
    def _create(cls, model_class, *args, coffre, **kwargs):
        return super()._create(model_class, *args, **coffre, **kwargs)
