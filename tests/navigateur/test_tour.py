"""Le tour de soins : douze personnes, deux écarts, un envoi ; deux soignants sur le même tour."""

import pytest
from playwright.sync_api import expect

from soins.models import ActeRealise
from soins.tours import lectures
from tests.navigateur.gestes import gestes
from tests.tours.factories import ActePlanifieFactory

GESTES_D_UNE_LISTE = 2  # open it, choose: Playwright does both without a pointer
GESTES, ENVOIS = 8, 1


@pytest.fixture
def actes(quartier):
    return [
        ActePlanifieFactory(dossier=dossier, code=code)
        for dossier in quartier.dossiers
        for code in ("toilette", "hydratation", "marche")
    ]


def marquer(page, acte, ecart):
    page.locator(f"#id_e_{acte.pk}").select_option(ecart)
    return GESTES_D_UNE_LISTE


@pytest.mark.parametrize("largeur", [1366, 390])
def test_un_tour_de_douze_personnes_avec_deux_ecarts_tient_en_huit_gestes_et_un_envoi(
    quartier, actes, soignante, ouvrir, largeur
):
    page = ouvrir(soignante, largeur=largeur, javascript=largeur == 1366)
    envois = []
    page.on("request", lambda r: r.method == "POST" and "/tours/" in r.url and envois.append(r))
    page.goto("/")
    page.get_by_role("link", name="Faire le tour").click()
    expect(page.get_by_text("36 à valider")).to_be_visible()
    comptes = 1 + marquer(page, actes[2], "douleur") + marquer(page, actes[10], "refus")
    expect(page.locator(f"#id_p_{actes[2].pk}")).to_be_visible()
    assert not ActeRealise.objects.exists()  # nothing before the gesture
    page.get_by_role("button", name="Tout est fait, sauf les écarts marqués").click()
    comptes += 1
    expect(page.get_by_text("Tour validé : 34 actes faits, 2 écarts.")).to_be_visible()
    expect(page.get_by_text("Tour terminé")).to_be_visible()
    if largeur == 1366:  # without script nobody counts in the page
        assert comptes == len(gestes(page)) + 2 * GESTES_D_UNE_LISTE, gestes(page)
    assert comptes <= GESTES and len(envois) == ENVOIS
    assert ActeRealise.objects.count() == 36


def test_deux_soignants_sur_le_meme_tour_chaque_acte_une_fois_et_le_second_sait_par_qui(
    quartier, actes, soignante, ouvrir
):
    collegue = quartier.professionnel("AS", prenom="Nadia", nom="Bensaïd")
    jour, moment = lectures.en_ce_moment()
    adresse = f"/tours/{quartier.unite.pk}/{jour.isoformat()}/{moment.code}/"
    premiere, seconde = ouvrir(collegue), ouvrir(soignante)
    for page in (premiere, seconde):
        page.goto(adresse)
    marquer(seconde, actes[4], "fatigue")
    with seconde.expect_response(lambda r: "/brouillons/" in r.url):
        pass  # what is marked is kept on the server before any save
    valider = "Tout est fait, sauf les écarts marqués"
    premiere.get_by_role("button", name=valider).click()
    expect(premiere.get_by_text("Tour validé : 36 actes faits.")).to_be_visible()
    seconde.get_by_role("button", name=valider).click()
    expect(seconde.get_by_text("rien n’a été écrasé")).to_be_visible()
    expect(seconde.get_by_text("N. Bensaïd a noté « Fait »")).to_be_visible()
    assert ActeRealise.objects.count() == len(actes)
    seconde.get_by_role("link", name="Corriger cet acte").click()
    seconde.get_by_text("Non fait : fatigue", exact=True).click()
    seconde.get_by_label("Motif de la correction").fill("Vue à 10 h, elle dormait")
    seconde.get_by_role("button", name="Corriger pour").click()
    expect(seconde.get_by_text("Acte corrigé")).to_be_visible()
    dernier = ActeRealise.objects.get(acte=actes[4], courante=True)
    assert (dernier.auteur, dernier.motif, dernier.version) == (soignante, "fatigue", 2)
