import pytest

from tests.habilitations.factories import AffectationFactory
from tests.habilitations.simulation.outils import resident
from tests.outils import connecter
from tests.socle.factories import EtablissementFactory, UniteFactory


@pytest.fixture
def maison():
    return EtablissementFactory(nom="EHPAD Les Tilleuls")


@pytest.fixture
def magnolia(maison):
    return UniteFactory(etablissement=maison, nom="Magnolia")


@pytest.fixture
def glycine(maison):
    return UniteFactory(etablissement=maison, nom="Glycine")


@pytest.fixture
def durand(magnolia):
    return resident("DURAND", magnolia)


@pytest.fixture
def legoff(glycine):
    return resident("LE GOFF", glycine)


@pytest.fixture
def cadre(maison):
    return connecter(AffectationFactory(role="IDEC", etablissement=maison).compte)
