"""Every page that the URLs know, on every screen, in both themes, on paper."""

import subprocess

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.navigateur import pages
from tests.navigateur.accessibilite import COQUE, axe, defilement
from tests.navigateur.chromium import ECRANS
from tests.navigateur.quartier import Quartier
from tests.navigateur.visite import PasUnePage, Visite

pytestmark = pytest.mark.django_db
ROUTES = {r.nom: r for r in pages.a_lire()}
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
# Here the shell is judged too, and the head of a dossier.
ENTIERES = ["accueil", "residents", "dossier", "accompagnement:transmissions"]
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
def visite(chromium, au_repos, base_neuve, django_db_blocker):
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
            base_neuve.remettre()


@pytest.fixture
def page(visite, nom):
    try:
        page = visite.ouvrir(ROUTES[nom])
    except PasUnePage as raison:
        pytest.skip(str(raison))
    yield page
    page.emulate_media(color_scheme="light")


def ecrans(page):
    for largeur in ECRANS:
        if depassement := defilement(page, largeur):
            yield f"{largeur} px : {depassement} px de trop"


def themes(page, sans=()):
    page.set_viewport_size(ECRANS[1366])
    yield from (f"clair : {faute}" for faute in axe(page, sans=sans))
    page.emulate_media(color_scheme="dark")  # nothing but colours differs
    yield from (f"sombre : {faute}" for faute in axe(page, ["color-contrast"], sans))


def doigts(page):
    page.set_viewport_size(ECRANS[820])
    page.evaluate("document.documentElement.dataset.densite = 'ample'")
    for cible in page.evaluate(PETITES_CIBLES, CIBLE):
        yield f"trop petit pour un doigt : {cible}"


def papier(page, usager, pdf):
    page.pdf(path=pdf, prefer_css_page_size=True)
    texte = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True)
    feuilles = texte.stdout.removesuffix("\f").split("\f")
    for numero, feuille in enumerate(feuilles, 1):
        if usager.nom_naissance not in feuille or usager.naissance_affichee not in feuille:
            yield f"feuille {numero} sur {len(feuilles)} : sans identité"


@pytest.mark.parametrize("nom", sorted(ROUTES))
def test_chaque_page_se_lit_sur_chaque_ecran_par_chacun_et_sur_papier(visite, page, nom, tmp_path):
    """Largeurs, axe en clair et en sombre ; le doigt là où l’on soigne ; l’identité sur chaque
    feuille d’un dossier. Ouverte une fois, jugée par chaque contrôle."""
    fautes = [*ecrans(page), *themes(page, () if nom in ENTIERES else COQUE)]
    if nom in DE_SOIN:
        fautes += doigts(page)
    if ROUTES[nom].de_dossier:
        fautes += papier(page, visite.quartier.dossier.usager, tmp_path / "page.pdf")
    assert not fautes, "\n".join(fautes)


def test_chaque_controle_voit_sa_faute(visite, tmp_path):
    page = visite.ouvrir(ROUTES["accueil"])
    page.evaluate("""() => {
      const p = document.querySelector("main").appendChild(document.createElement("p"));
      p.innerHTML = "<button></button>";
      p.firstChild.style.cssText = "width: 3000px; height: 10px; display: block; color: #eee";
    }""")
    usager = visite.quartier.dossier.usager
    assert any("px de trop" in f for f in ecrans(page))
    assert any("button-name" in f for f in themes(page))
    assert any("<button" in f for f in doigts(page))
    assert any("sans identité" in f for f in papier(page, usager, tmp_path / "page.pdf"))
