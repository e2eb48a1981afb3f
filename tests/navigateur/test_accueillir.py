"""Du code lu au dossier ouvert : au clavier, sans script, à l’appareil photo, en quatre clics."""

from datetime import date

import pytest
from playwright.sync_api import expect

from dui.socle import datamatrix
from dui.socle.models import Usager
from tests.navigateur.gestes import gestes

ZOE = datamatrix.TraitsLus(
    "275126322074974", "1.2.250.1.213.1.4.8", "ZOE", "ADRUN", "F", date(1975, 12, 31), "63220"
)
CODE = datamatrix.composer(ZOE)
# A browser that knows data_matrix, and a camera that films a white sheet.
APPAREIL = """
navigator.mediaDevices.getUserMedia = async () => {
  const toile = document.createElement("canvas");
  toile.getContext("2d").fillRect(0, 0, 9, 9);
  return toile.captureStream(5);
};
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["data_matrix"]; }
  async detect() { return [{ rawValue: CODE }]; }
};
"""


@pytest.fixture
def secretaire(quartier):
    return quartier.professionnel("SECRETAIRE")


def creer(page):
    page.get_by_role("button", name="Créer l’identité").click()
    expect(page.get_by_text("Traits lus sur le datamatrix")).to_be_visible()
    page.get_by_role("button", name="Créer l’identité").click()


def verifier(page):
    expect(page.get_by_role("heading", name="Identité et séjours")).to_be_visible()
    usager = Usager.objects.get(nom_naissance="ADRUN")
    assert (usager.recueil, usager.matricule_ins) == ("CB", ZOE.matricule)


def test_un_code_lu_au_clavier_ouvre_un_dossier_en_trois_clics(secretaire, ouvrir):
    page = ouvrir(secretaire)
    page.goto("/")
    page.get_by_role("link", name="Accueillir").click()
    page.keyboard.type(CODE.replace(datamatrix.GS, "<GS>"))
    page.keyboard.press("Enter")
    creer(page)
    verifier(page)
    assert len(gestes(page)) <= 4, gestes(page)


def test_le_lecteur_de_codes_marche_sans_script(secretaire, ouvrir):
    page = ouvrir(secretaire, javascript=False)
    page.goto("/identites/")
    expect(page.get_by_role("button", name="Lire avec l’appareil photo")).to_be_hidden()
    page.get_by_role("textbox", name="Datamatrix INS").fill(CODE.replace(datamatrix.GS, "<GS>"))
    page.get_by_role("textbox", name="Datamatrix INS").press("Enter")
    creer(page)
    verifier(page)


def test_l_appareil_photo_remplit_la_recherche_la_ou_le_navigateur_sait_lire(secretaire, ouvrir):
    page = ouvrir(secretaire)
    page.add_init_script(APPAREIL.replace("CODE", repr(CODE)))
    page.goto("/identites/")
    page.get_by_role("button", name="Lire avec l’appareil photo").click()
    creer(page)
    verifier(page)


def test_sans_lecteur_dans_le_navigateur_le_bouton_ne_se_montre_pas(secretaire, ouvrir):
    page = ouvrir(secretaire)
    page.add_init_script("delete window.BarcodeDetector;")
    page.goto("/identites/")
    expect(page.get_by_role("button", name="Chercher la personne")).to_be_visible()
    expect(page.locator("[data-camera]")).to_be_hidden()
