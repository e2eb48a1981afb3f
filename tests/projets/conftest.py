import pytest

from tests.socle.factories import DossierFactory


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def qui(en_tant_que, dossier):
    """L’habilitation d’un professionnel de ce rôle, là où séjourne la personne."""

    def habilitation(role="EDUCATEUR", **champs):
        return en_tant_que(dossier, role=role, **champs).habilitation

    return habilitation
