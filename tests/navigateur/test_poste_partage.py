"""A ward workstation shared in seconds, each under their own name (AC-02, AC-20); passkeys."""

import time

import pytest
from playwright.sync_api import expect

from accompagnement.models import Transmission
from dui.socle.models import Brouillon, EntreeJournal
from habilitations.models import DelaiVerrouillage, PosteDeTravail
from tests.navigateur.gestes import aller_au_texte, etre_le_poste, gestes, se_connecter
from tests.navigateur.quartier import CODE_PERSONNEL
from tests.socle.factories import MOT_DE_PASSE

CLE_VIRTUELLE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def nadia(quartier):
    return quartier.professionnel("AS", prenom="Nadia", nom="Bensaïd", portee="unite")


@pytest.fixture
def poste_verrouille(quartier, nadia, ouvrir, live_server):
    """Nadia signed in there this morning; a colleague holds the place, which has locked."""
    cadre = quartier.professionnel("IDEC", prenom="Anne", nom="Corre")
    poste = quartier.creer_postedetravail(cadre)
    quartier.creer_passageauposte(nadia)
    contexte = ouvrir.contexte(quartier.collegue)
    etre_le_poste(contexte, poste, quartier.secret_du_poste, live_server.url)
    avant = contexte.new_page()
    avant.goto("/residents/")
    avant.get_by_role("button", name="Verrouiller").first.click()
    expect(avant.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
    return contexte.new_page()


def prendre_le_poste(page):
    page.get_by_role("link", name="Nadia Bensaïd").click()
    page.get_by_label("Votre code personnel").fill(CODE_PERSONNEL)
    page.keyboard.press("Enter")
    expect(page.locator(".barre__nom")).to_contain_text("Nadia B.")


def test_sur_un_poste_verrouille_une_transmission_tient_en_cinq_clics(
    poste_verrouille, quartier, nadia
):
    page = poste_verrouille
    page.goto("/")
    debut = time.monotonic()
    prendre_le_poste(page)
    page.locator("#ecrire-pour").get_by_role("link", name="DURAND").click()
    page.get_by_text("Alimentation", exact=True).click()
    aller_au_texte(page)
    page.keyboard.insert_text("A fini son assiette.")
    page.get_by_role("button", name="Enregistrer pour Mme DURAND").click()
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    assert len(gestes(page)) <= 5, gestes(page)
    assert time.monotonic() - debut < 30
    transmission = Transmission.objects.get()
    assert (transmission.auteur, transmission.dossier) == (nadia, quartier.dossier)


def test_changer_de_personne_prend_moins_de_neuf_secondes(poste_verrouille):
    page = poste_verrouille
    page.goto("/")
    debut = time.monotonic()
    prendre_le_poste(page)
    assert time.monotonic() - debut < 9
    assert len(gestes(page)) <= 2, gestes(page)


def test_un_poste_revoque_entre_temps_renvoie_a_la_connexion_complete(poste_verrouille):
    page = poste_verrouille
    page.goto("/")
    PosteDeTravail.objects.update(revoque_le="2026-01-01T00:00Z")
    page.get_by_role("link", name="Nadia Bensaïd").click()
    expect(page.get_by_text("votre code court ne suffit plus")).to_be_visible()
    expect(page.get_by_role("link", name="Nadia Bensaïd")).to_have_count(0)


def test_sans_script_on_se_relaie_aussi(quartier, nadia, ouvrir, live_server):
    quartier.creer_passageauposte(nadia)
    contexte = ouvrir.contexte(javascript=False)
    etre_le_poste(contexte, PosteDeTravail.objects.get(), quartier.secret_du_poste, live_server.url)
    page = contexte.new_page()
    page.goto("/")
    prendre_le_poste(page)


# ------------------------------------------------------------------ clés d’accès


def brancher_une_cle(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": CLE_VIRTUELLE})


def test_une_cle_s_ajoute_puis_suffit_a_se_connecter(soignante, ouvrir):
    page = ouvrir(soignante)
    brancher_une_cle(page)
    page.goto("/moi/connexion/")
    page.get_by_role("link", name="Ajouter une clé").click()
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.get_by_label("Nom de cette clé").fill("Badge")
    page.get_by_role("button", name="Enregistrer la clé").click()
    expect(page.get_by_text("Clé ajoutée")).to_be_visible()
    expect(page.get_by_text("Badge", exact=True)).to_be_visible()

    page.context.clear_cookies()
    page.goto("/residents/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("button", name="Verrouiller").first).to_be_visible()
    assert page.url.endswith("/residents/")
    connexion = EntreeJournal.objects.filter(action="connexion").latest("pk")
    assert (connexion.acteur, connexion.contexte["methode"]) == (soignante, "cle")


def test_sans_cle_branchee_la_page_le_dit_et_garde_les_autres_moyens(ouvrir):
    page = ouvrir()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    vide = CLE_VIRTUELLE | {"isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": vide})
    page.goto("/connexion/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_text("La clé n’a pas répondu")).to_be_visible()
    expect(page.get_by_label("Mot de passe")).to_be_enabled()


# ------------------------------------------------------------------ verrouillage


def test_le_delai_de_la_maison_previent_une_minute_avant_puis_verrouille_sans_rien_perdre(
    quartier, soignante, ouvrir
):
    DelaiVerrouillage.objects.create(etablissement=quartier.etablissement, minutes=3)
    page = ouvrir()
    page.clock.install()
    page.goto("/connexion/")
    se_connecter(page, soignante)
    adresse = f"/dossiers/{quartier.dossier.pk}/transmissions/nouvelle/"
    page.goto(adresse)
    page.get_by_label("Données").fill("Texte qui n’est pas fini.")
    page.clock.fast_forward(110_000)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.fast_forward(12_000)
    expect(page.get_by_text("ce poste se verrouille dans")).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(page.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
    assert Brouillon.objects.get().saisies["donnees"] == ["Texte qui n’est pas fini."]
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Reprendre mon poste").click()
    expect(page.get_by_label("Données")).to_have_value("Texte qui n’est pas fini.")
