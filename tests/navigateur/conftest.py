import os
from pathlib import Path

import pytest

from tests.navigateur.chromium import CONTEXTE, DELAI, ECRANS, lancer
from tests.navigateur.gestes import COMPTEUR, Surveillance, ouvrir_session
from tests.navigateur.quartier import Quartier

ICI = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if ICI in item.path.parents:
            item.add_marker(pytest.mark.navigateur)


@pytest.fixture(scope="session")
def chromium():
    """One browser per worker. Playwright's loop runs in the thread of the tests, where Django
    would otherwise refuse to read the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with lancer() as navigateur:
        yield navigateur


class Ouvreur:
    """`ouvrir(compte)` gives a page of that account, in its own browser profile."""

    def __init__(self, chromium, url):
        self.chromium, self.url, self.contextes = chromium, url, []
        self.surveillance = Surveillance(url)

    def __call__(self, compte=None, *, largeur=1366, javascript=True, **options):
        contexte = self.contexte(compte, largeur=largeur, javascript=javascript, **options)
        return contexte.new_page()

    def contexte(self, compte=None, *, largeur=1366, javascript=True, **options):
        contexte = self.chromium.new_context(
            base_url=self.url,
            viewport=ECRANS[largeur],
            java_script_enabled=javascript,
            **CONTEXTE | options,
        )
        contexte.set_default_timeout(DELAI)
        contexte.add_init_script(COMPTEUR)
        contexte.on("page", self.surveillance.suivre)
        if compte:
            ouvrir_session(contexte, compte, self.url)
        self.contextes.append(contexte)
        return contexte

    def pannes_voulues(self):
        """The test breaks the network or the server on purpose."""
        self.surveillance.fautes.clear()

    def fermer(self):
        for contexte in self.contextes:
            contexte.close()


@pytest.fixture
def ouvrir(chromium, live_server):
    ouvreur = Ouvreur(chromium, live_server.url)
    yield ouvreur
    ouvreur.fermer()
    assert not ouvreur.surveillance.fautes


@pytest.fixture
def quartier(live_server):
    return Quartier()


@pytest.fixture
def soignante(quartier):
    return quartier.professionnel("AS", portee="unite")
