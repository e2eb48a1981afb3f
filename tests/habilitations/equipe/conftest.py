import pytest

from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import CompteFactory, EtablissementFactory, UniteFactory


@pytest.fixture
def unite():
    return UniteFactory(etablissement=EtablissementFactory(nom="EHPAD Les Tilleuls"))


@pytest.fixture
def cadre(unite):
    affectation = AffectationFactory(role="IDEC", etablissement=unite.etablissement)
    client = connecter(affectation.compte)
    client.habilitation = Habilitation(affectation.compte)
    return client


@pytest.fixture
def soignante(unite):
    return AffectationFactory(
        role="AS",
        unite=unite,
        portee="unite",
        compte=CompteFactory(first_name="Nadia", last_name="Bensaïd"),
    )
