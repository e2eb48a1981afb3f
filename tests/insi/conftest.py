from dataclasses import replace

import pytest

from dui.connecteurs.insi import Acces, ClientInsi, Reglages
from dui.connecteurs.insi.local import IDAM, Autorite, ouvrir
from dui.connecteurs.insi.local.serveur import Travers


@pytest.fixture(scope="session")
def autorite(tmp_path_factory):
    return Autorite(tmp_path_factory.mktemp("insi"))


@pytest.fixture(scope="session")
def certificat(autorite):
    return autorite.client("INSI-MANU")


@pytest.fixture(scope="session")
def serveur_ouvert(autorite):
    """One socket for the run; its failures are put back in order before each test."""
    serveur = ouvrir(0, autorite.serveur(), autorite)
    yield serveur
    serveur.fermer()


@pytest.fixture
def insi(serveur_ouvert):
    serveur_ouvert.travers = Travers(silence=20)
    serveur_ouvert.recues.clear()
    return serveur_ouvert


@pytest.fixture
def reglages(insi, autorite, certificat):
    acces = Acces(
        url=insi.url,
        certificat=certificat.certificat,
        cle=certificat.cle,
        autorites=autorite.certificat,
        connexion=5,
        lecture=5,
        total=10,
    )
    return Reglages(acces, idam=IDAM, production=False)


@pytest.fixture
def client(reglages):
    return ClientInsi(reglages)


@pytest.fixture
def client_presse(reglages):
    """Sa patience tient en une demi-seconde."""
    return ClientInsi(replace(reglages, acces=replace(reglages.acces, lecture=0.3, total=0.6)))


@pytest.fixture
def ouvert(settings, reglages):
    """This installation speaks to the local INSi."""
    acces = reglages.acces
    settings.INSI_OUVERT, settings.INSI_URL = True, acces.url
    settings.INSI_CERTIFICAT, settings.INSI_CLE = str(acces.certificat), str(acces.cle)
    settings.INSI_AUTORITES, settings.INSI_IDAM = str(acces.autorites), reglages.idam
    settings.INSI_PRODUCTION = False
    return settings
