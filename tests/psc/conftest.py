import pytest

from dui.demonstration.psc.fournisseur import Fournisseur, Travers
from dui.demonstration.psc.serveur import ouvrir
from tests.psc.outils import MAISON, Poste, professionnel

CLIENT, SECRET = "dui-tests", "un secret : avec/tout&ce+qui=compte"


@pytest.fixture(scope="session")
def fournisseur_ouvert():
    """One socket for the run: the provider itself is put back in order before each test."""
    racine = "http://testserver/connexion/psc/"
    fournisseur = Fournisseur(
        client=CLIENT, secret=SECRET, retours={f"{racine}retour/"}, sorties={f"{racine}sortie/"}
    )
    serveur = ouvrir(fournisseur)
    yield fournisseur
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def fournisseur(fournisseur_ouvert, settings):
    fournisseur_ouvert.travers = Travers()
    for memoire in ("demandes", "codes", "ciba", "sessions", "acces", "renouvellements"):
        getattr(fournisseur_ouvert, memoire).clear()
    fournisseur_ouvert.connaitre([professionnel()])
    settings.PSC_OUVERT = True
    settings.PSC_DECOUVERTE = fournisseur_ouvert.decouverte
    settings.PSC_CLIENT, settings.PSC_SECRET = CLIENT, SECRET
    return fournisseur_ouvert


@pytest.fixture
def infirmiere(fournisseur, db):
    """Un compte déclaré, qui travaille dans l’établissement de son activité."""
    return MAISON.employer(fournisseur)


@pytest.fixture
def poste(fournisseur, db):
    return Poste(fournisseur)
