import pytest

from dui.socle import quarantaine
from dui.socle.models import IdentiteRecue
from dui.socle.recue import Recue
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import DossierFactory, EtablissementFactory, SejourFactory

NIR, OID = "231056912304541", "1.2.250.1.213.1.4.8"


@pytest.fixture
def maison(db):
    return EtablissementFactory(nom="Les Tilleuls")


@pytest.fixture
def cellule(maison, en_tant_que):
    return en_tant_que(role="IDENTITOVIG", etablissement=maison)


@pytest.fixture
def secretaire(maison, en_tant_que):
    return en_tant_que(role="SECRETAIRE", etablissement=maison)


@pytest.fixture
def present(maison):
    """Quelqu’un qui séjourne ici : present(nom_naissance="DURAND", ins_recuperee=True…)."""

    def faire(sejour=None, etablissement=None, **usager):
        champs = {f"usager__{nom}": v for nom, v in usager.items()}
        dossier = DossierFactory(sejour=None, **champs)
        SejourFactory(dossier=dossier, etablissement=etablissement or maison, **(sejour or {}))
        return dossier

    return faire


@pytest.fixture
def marie(present):
    from datetime import date

    return present(
        nom_naissance="DURAND",
        prenoms="MARIE",
        premier_prenom="MARIE",
        sexe="F",
        date_naissance=date(1931, 5, 12),
        lieu_naissance_cog="69123",
        matricule_ins=NIR,
        oid_ins=OID,
    )


@pytest.fixture
def recevoir(maison):
    """Une identité arrive d’une liste : rend le verdict."""

    def faire(**traits) -> quarantaine.Verdict:
        auteur = Habilitation(AffectationFactory(role="SECRETAIRE", etablissement=maison).compte)
        return quarantaine.recevoir(auteur, maison, recue(**traits), source="import")

    return faire


def recue(**traits) -> Recue:
    from datetime import date

    communs = {
        "nom_naissance": "DURAND",
        "prenoms": "MARIE",
        "sexe": "F",
        "date_naissance": date(1931, 5, 12),
        "lieu_naissance_cog": "69123",
    }
    return Recue(**communs | traits)


@pytest.fixture
def en_quarantaine(marie, recevoir):
    """DURANT MARIE, qui ressemble à la DURAND MARIE d’ici."""
    recevoir(nom_naissance="DURANT")
    return IdentiteRecue.objects.get()
