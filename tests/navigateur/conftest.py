import os
import time
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import expect

from tests.navigateur.chromium import CONTEXTE, DELAI, ECRANS, lancer
from tests.navigateur.gestes import COMPTEUR, Surveillance, ouvrir_session
from tests.navigateur.quartier import Quartier

ICI = Path(__file__).parent


def pytest_collection_modifyitems(items):
    """A browser that a busy machine starved is asked once more; the report names it (`-rR`)."""
    for item in items:
        if ICI in item.path.parents:
            item.add_marker(pytest.mark.navigateur)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def chromium():
    """One browser per worker. Playwright's loop runs in the thread of the tests, where Django
    would otherwise refuse to read the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=DELAI)
    with lancer() as navigateur:
        yield navigateur


@pytest.fixture(scope="session")
def au_repos():
    """Waits until the server has answered everything: a closed page sends its draft while the
    database is about to be emptied."""
    en_vol = []
    commencer = lambda **_: en_vol.append(1)  # noqa: E731
    finir = lambda **_: en_vol and en_vol.pop()  # noqa: E731
    request_started.connect(commencer)
    request_finished.connect(finir)

    def attendre():
        limite, calme = time.monotonic() + 10, 0
        while calme < 3 and time.monotonic() < limite:
            time.sleep(0.03)
            calme = 0 if en_vol else calme + 1
        en_vol.clear()

    yield attendre
    request_started.disconnect(commencer)
    request_finished.disconnect(finir)


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
def ouvrir(chromium, au_repos, live_server):
    ouvreur = Ouvreur(chromium, live_server.url)
    yield ouvreur
    ouvreur.fermer()
    au_repos()
    assert not ouvreur.surveillance.fautes


@pytest.fixture
def quartier(live_server):
    return Quartier()


@pytest.fixture
def soignante(quartier):
    return quartier.professionnel("AS", portee="unite")
