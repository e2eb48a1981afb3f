"""Every page that the URLs know, on every screen, in both themes, on paper."""

import subprocess

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.navigateur import pages
from tests.navigateur.accessibilite import axe, defilement
from tests.navigateur.chromium import ECRANS
from tests.navigateur.quartier import Quartier
from tests.navigateur.visite import PasUnePage, Visite

pytestmark = pytest.mark.django_db
ROUTES = {r.nom: r for r in pages.a_lire()}
DE_DOSSIER = [nom for nom, r in ROUTES.items() if r.de_dossier]
CIBLE = 44  # pixels: gloves, tablets
# Pages where one writes at the bedside.
DE_SOIN = [
    "accompagnement:transmission_nouvelle",
    "accompagnement:absence",
    "accompagnement:releve",
    "soins:constante_saisir",
    "soins:tour",
    "soins:constantes",
    "accueil",
]
# What a finger may touch, wherever it is drawn: a small chip may reach beyond its border. The
# labels stand for their hidden boxes; a link inside a sentence is text.
PETITES_CIBLES = """
(cible) => {
  const touche = (e, x, y) => e.contains(document.elementFromPoint(x, y));
  const assezGrande = (e) => {
    e.scrollIntoView({ block: "center", behavior: "instant" });
    const c = e.getBoundingClientRect(), x = c.x + c.width / 2, y = c.y + c.height / 2;
    const demi = cible / 2 - 1;
    const haute = c.height >= cible - 0.5 || (touche(e, x, y - demi) && touche(e, x, y + demi));
    return c.width <= 1 || (haute && c.width >= cible - 0.5);
  };
  return [...document.querySelectorAll(
      "main :is(button, input, select, textarea, summary, a.bouton, label.puce)")]
    .filter((e) => e.checkVisibility({ opacityProperty: true }) && e.type !== "hidden")
    .filter((e) => !(e.matches("input") && e.closest("label, .choix")) && !e.matches(".lien"))
    .filter((e) => !assezGrande(e))
    .map((e) => e.outerHTML.slice(0, 120));
}
"""


@pytest.fixture(scope="module")
def visite(chromium, au_repos, django_db_setup, django_db_blocker):
    """One ward for the whole module: these tests only read."""
    serveur = LiveServer("localhost")
    with django_db_blocker.unblock():
        try:
            visite = Visite(chromium, serveur.url, Quartier(), ROUTES.values())
            yield visite
            visite.fermer()
            au_repos()
            serveur.stop()
        finally:  # what a visit that fails to open wrote would follow the other tests
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def page(visite, request):
    route = ROUTES[request.param]
    try:
        page = visite.ouvrir(route)
    except PasUnePage as raison:
        pytest.skip(str(raison))
    yield page
    page.emulate_media(color_scheme="light")


def de(noms):
    return pytest.mark.parametrize("page", sorted(noms), indirect=True)


@de(ROUTES)
def test_axe_ne_trouve_aucune_faute_et_rien_ne_deborde(page):
    fautes = [
        f"{largeur} px : {depassement} px de trop"
        for largeur in ECRANS
        if (depassement := defilement(page, largeur))
    ]
    page.set_viewport_size(ECRANS[1366])
    fautes += [f"clair : {faute}" for faute in axe(page)]
    page.emulate_media(color_scheme="dark")  # nothing but colours differs
    fautes += [f"sombre : {faute}" for faute in axe(page, ["color-contrast"])]
    assert not fautes, "\n".join(fautes)


@de(nom for nom in DE_SOIN if nom in ROUTES)
def test_sur_un_ecran_de_soin_rien_n_est_trop_petit_pour_un_doigt(page):
    page.set_viewport_size(ECRANS[820])
    page.evaluate("document.documentElement.dataset.densite = 'ample'")
    petites = page.evaluate(PETITES_CIBLES, CIBLE)
    assert not petites, "\n".join(petites)


@de(DE_DOSSIER)
def test_chaque_feuille_imprimee_dit_de_qui_il_s_agit(visite, page, tmp_path):
    pdf = tmp_path / "page.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    texte = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True)
    feuilles = texte.stdout.removesuffix("\f").split("\f")
    usager = visite.quartier.dossier.usager
    muettes = [
        numero
        for numero, feuille in enumerate(feuilles, 1)
        if usager.nom_naissance not in feuille or usager.naissance_affichee not in feuille
    ]
    assert not muettes, f"{len(feuilles)} feuilles, sans identité : {muettes}"
