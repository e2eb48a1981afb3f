"""Sign in again, then it is saved: nobody types twice (AC-13). The lock shows nothing (AC-19)."""

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from accompagnement.models import Habitude, Transmission
from tests.navigateur.gestes import se_connecter
from tests.socle.factories import MOT_DE_PASSE

TEXTE = "Souriante ce matin, a chanté avec sa voisine."


def nouvelle(dossier):
    return reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])


def remplir(page, dossier):
    page.goto(nouvelle(dossier))
    page.get_by_text("Alimentation", exact=True).click()
    page.get_by_label("Données").fill(TEXTE)


def enregistrer(page):
    page.get_by_role("button", name="Enregistrer pour").click()


def test_session_expiree_on_se_reconnecte_et_c_est_enregistre(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    remplir(page, quartier.dossier)
    Session.objects.all().delete()
    enregistrer(page)
    se_connecter(page, soignante)
    expect(page.get_by_text("Transmission enregistrée pour Mme DURAND")).to_be_visible()
    assert Transmission.objects.get().donnees == TEXTE


def test_un_collegue_qui_se_connecte_n_enregistre_pas_a_ma_place(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    remplir(page, quartier.dossier)
    Session.objects.all().delete()
    enregistrer(page)
    se_connecter(page, quartier.professionnel("AS", prenom="Nadia", portee="unite"))
    expect(page.get_by_role("button", name="Verrouiller").first).to_be_visible()
    expect(page.get_by_text(TEXTE)).to_have_count(0)
    assert not Transmission.objects.exists()


def test_jeton_perime_un_clic_et_c_est_enregistre(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    remplir(page, quartier.dossier)
    page.context.clear_cookies(name="dui_csrf")
    enregistrer(page)
    page.get_by_role("button", name="Enregistrer maintenant").click()
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    assert Transmission.objects.get().donnees == TEXTE


def test_qui_je_suis_survit_aussi_a_une_session_expiree(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto(reverse("accompagnement:qui_je_suis", args=[quartier.dossier.pk]))
    page.get_by_label("Histoire").first.fill("Boulangère à Doué.")
    Session.objects.all().delete()
    enregistrer(page)
    se_connecter(page, soignante)
    expect(page.get_by_text("Qui je suis").first).to_be_visible()
    assert Habitude.objects.get(dossier=quartier.dossier).texte == "Boulangère à Doué."


def test_verrouiller_pendant_la_saisie_rend_la_meme_page_et_le_meme_texte(
    quartier, soignante, ouvrir
):
    page = ouvrir(soignante)
    remplir(page, quartier.dossier)
    autre = page.context.new_page()
    autre.goto("/")
    autre.get_by_role("button", name="Verrouiller").first.click()
    page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Reprendre mon poste").click()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)
    enregistrer(page)
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    assert Transmission.objects.get().donnees == TEXTE


def test_le_verrou_ne_montre_rien_des_residents_ni_au_retour_arriere(quartier, soignante, ouvrir):
    quartier.transmettre()
    noms = [d.usager.nom_naissance for d in quartier.dossiers]
    page = ouvrir(soignante)
    for adresse in ("/", reverse("dossier", args=[quartier.dossier.pk])):
        page.goto(adresse)
        page.get_by_role("button", name="Verrouiller").first.click()
        ne_montre_rien(page, noms)
        page.go_back()
        ne_montre_rien(page, noms)
        page.go_forward()
        ne_montre_rien(page, noms)
        page.goto("/verrou/")
        page.get_by_label("Votre mot de passe").fill(MOT_DE_PASSE)
        page.get_by_role("button", name="Reprendre mon poste").click()
        expect(page.get_by_role("button", name="Verrouiller").first).to_be_visible()


def ne_montre_rien(page, noms):
    expect(page.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
    montre = page.title() + page.content()
    assert not [nom for nom in noms if nom in montre]


def test_la_deconnexion_ne_laisse_rien_au_retour_arriere(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto("/residents/")
    page.locator(".barre__compte summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_label("Identifiant")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Identifiant")).to_be_visible()
    assert quartier.dossier.usager.nom_naissance not in page.content()
