from datetime import UTC, datetime

import pytest

from dui.demonstration.annuaire.serveur import Passerelle, Travers, ouvrir

CLE = "une-cle-d-essai-qui-ne-sort-jamais"
HIER = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture(scope="session")
def passerelle_ouverte():
    """One socket for the run: what it holds is put back in order before each test."""
    passerelle = Passerelle(cle=CLE)
    serveur = ouvrir(passerelle)
    yield passerelle
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def passerelle(passerelle_ouverte, settings):
    passerelle_ouverte.travers = Travers()
    passerelle_ouverte.ressources = []
    passerelle_ouverte.demandes.clear()
    passerelle_ouverte.pages.clear()
    settings.ANNUAIRE_OUVERT = True
    settings.ANNUAIRE_API, settings.ANNUAIRE_CLE = passerelle_ouverte.base, CLE
    settings.ANNUAIRE_DELAI, settings.ANNUAIRE_APPELS_PAR_SECONDE = 2, 1000
    settings.ANNUAIRE_ATTENTE_MAX = 0
    return passerelle_ouverte
