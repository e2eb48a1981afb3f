import pytest

from tests.doublons.factories import dossier


@pytest.fixture
def a():
    return dossier()


@pytest.fixture
def b():
    return dossier(nom_naissance="LE GOF")
