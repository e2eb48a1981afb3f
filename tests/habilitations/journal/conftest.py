import pytest

from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    ProfessionnelFactory,
    UsagerFactory,
)


@pytest.fixture
def dossier():
    usager = UsagerFactory(nom_naissance="DURAND", premier_prenom="MARIE")
    return DossierFactory(usager=usager, gir=2)


@pytest.fixture
def maison(dossier):
    return dossier.sejours.get().etablissement


@pytest.fixture
def dpo(dossier, en_tant_que):
    compte = CompteFactory(first_name="Thomas", last_name="Retailleau")
    return en_tant_que(dossier, role="DPO", compte=compte)


@pytest.fixture
def claire(maison):
    compte = CompteFactory(first_name="Claire", last_name="Martin")
    AffectationFactory(compte=compte, etablissement=maison)
    ProfessionnelFactory(compte=compte, libelle_fonction="Infirmière")
    return connecter(compte)
