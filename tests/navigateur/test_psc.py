"""Le parcours entier dans un navigateur : le bouton, le fournisseur, mon poste, la sortie."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dui.demonstration.psc.fournisseur import Fournisseur
from dui.demonstration.psc.professionnels import activite, userinfo
from dui.demonstration.psc.serveur import ouvrir as ouvrir_fournisseur
from habilitations.models import SessionPSC
from habilitations.psc import sessions
from habilitations.psc.identites import declarer
from tests.navigateur.accessibilite import axe, defilement
from tests.navigateur.chromium import ECRANS

QUI = "899970000042"


@pytest.fixture
def fournisseur(live_server, settings):
    racines = [f"{live_server.url}/connexion/psc/"]
    fournisseur = Fournisseur(
        client="dui-navigateur",
        secret="secret du navigateur",
        retours={f"{racine}retour/" for racine in racines},
        sorties={f"{racine}sortie/" for racine in racines},
    )
    serveur = ouvrir_fournisseur(fournisseur)
    settings.PSC_OUVERT = True
    settings.PSC_DECOUVERTE = fournisseur.decouverte
    settings.PSC_CLIENT, settings.PSC_SECRET = fournisseur.client, fournisseur.secret
    yield fournisseur
    serveur.shutdown()
    serveur.server_close()


@pytest.fixture
def claire(quartier, fournisseur):
    compte = quartier.professionnel("IDE")
    declarer(compte, QUI, emetteur=fournisseur.emetteur)
    maison = quartier.etablissement
    ici = [activite(maison.finess, "990000010", maison.nom)]
    fournisseur.connaitre([userinfo(QUI, "Claire", "Martin", [("60", ici), ("93", [])])])
    return compte


@pytest.fixture
def chez_le_fournisseur(ouvrir, fournisseur):
    """Going to the provider is wanted here; anything else foreign still fails."""
    yield
    fautes = ouvrir.surveillance.fautes
    fautes[:] = [f for f in fautes if f"vers ailleurs : {fournisseur.racine}" not in f]


def sans_faute(page):
    fautes = axe(page)
    fautes += [f"{largeur} px déborde" for largeur in ECRANS if defilement(page, largeur) > 0]
    page.set_viewport_size(ECRANS[1366])
    assert not fautes, "\n".join(fautes)


@pytest.mark.usefixtures("chez_le_fournisseur")
@pytest.mark.parametrize("javascript", [True, False], ids=["avec script", "sans script"])
def test_du_bouton_a_mon_poste_puis_la_sortie(claire, fournisseur, ouvrir, javascript):
    page = ouvrir(javascript=javascript)
    page.goto("/residents/")
    if javascript:
        sans_faute(page)
    page.get_by_role("button", name="Se connecter avec Pro Santé Connect").click()
    page.get_by_role("button", name="Claire MARTIN").click()
    expect(page.get_by_role("heading", name="À quel titre")).to_be_visible()
    if javascript:
        sans_faute(page)
    page.get_by_role("button", name="Infirmier, EHPAD Les Tilleuls").click()
    expect(page).to_have_url(re.compile("/residents/"))
    expect(page.locator(".barre__compte").first).to_contain_text("Claire M.")

    page.locator(".barre__compte > summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Votre session Pro Santé Connect est fermée aussi.")).to_be_visible()
    assert not fournisseur.sessions


@pytest.mark.usefixtures("chez_le_fournisseur")
def test_le_telephone_confirme_et_la_page_d_attente_s_ouvre_seule(claire, fournisseur, ouvrir):
    page = ouvrir(javascript=False)
    page.goto("/connexion/")
    page.get_by_role("link", name="Avec la e-CPS d’un autre appareil").click()
    page.get_by_label("Numéro RPPS").fill(QUI[1:])
    page.get_by_role("button", name="Envoyer la demande").click()
    [(_, message, _)] = fournisseur.en_attente()
    expect(page.get_by_text(message, exact=True)).to_be_visible()

    telephone = ouvrir()
    telephone.goto(f"{fournisseur.racine}/e-cps")
    expect(telephone.get_by_role("heading", name=message)).to_be_visible()
    telephone.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", name="À quel titre")).to_be_visible()


def test_les_pages_de_pro_sante_connect_ne_font_aucune_faute(claire, fournisseur, ouvrir):
    page = ouvrir()
    page.goto("/connexion/psc/e-cps/")
    sans_faute(page)
    page.get_by_label("Numéro RPPS").fill(QUI[1:])
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("heading", name="Confirmez sur votre téléphone")).to_be_visible()
    sans_faute(page)
    page.get_by_role("button", name="Annuler la demande").click()
    expect(page.get_by_text("a été abandonnée")).to_be_visible()
    sans_faute(page)


@pytest.mark.usefixtures("chez_le_fournisseur")
def test_une_personne_inconnue_de_la_maison_lit_a_qui_s_adresser(claire, fournisseur, ouvrir):
    inconnue = userinfo("899970000077", "Maxime", "Rondeau", [("60", [])])
    fournisseur.connaitre([inconnue])
    page = ouvrir()
    page.goto("/connexion/")
    page.get_by_role("button", name="Se connecter avec Pro Santé Connect").click()
    page.get_by_role("button", name="Maxime RONDEAU").click()
    expect(page.get_by_role("heading", name="Compte non déclaré")).to_be_visible()
    sans_faute(page)


@pytest.mark.usefixtures("chez_le_fournisseur")
def test_une_session_terminee_ailleurs_se_voit_et_se_reprend(claire, fournisseur, ouvrir):
    page = ouvrir()
    page.goto("/residents/")
    page.get_by_role("button", name="Se connecter avec Pro Santé Connect").click()
    page.get_by_role("button", name="Claire MARTIN").click()
    page.get_by_role("button", name="Psychologue, sans structure").click()
    expect(page).to_have_url(re.compile("/residents/"))
    fournisseur.terminer(QUI)
    SessionPSC.objects.update(renouvelee_le=timezone.now() - timezone.timedelta(minutes=5))
    sessions.renouveler()
    page.reload()
    expect(page.get_by_text("Session Pro Santé Connect terminée")).to_be_visible()
    sans_faute(page)
    page.get_by_role("button", name="Se connecter avec Pro Santé Connect").click()
    page.get_by_role("button", name="Claire MARTIN").click()
    page.get_by_role("button", name="Infirmier").click()
    expect(page).to_have_url(re.compile("/residents/"))
