import pytest

from tests.socle.factories import EtablissementFactory


@pytest.fixture
def maison():
    return EtablissementFactory()


@pytest.fixture
def secretaire(maison, en_tant_que):
    return en_tant_que(role="SECRETAIRE", etablissement=maison)
