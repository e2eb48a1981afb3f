"""The same journey without a mouse, then without JavaScript."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from accompagnement.models import Lecture, Transmission
from dui.socle.models import Brouillon
from tests.navigateur.gestes import aller_au_texte

TEXTE = "Nuit calme, levée une fois."


def focus(page) -> str:
    return page.evaluate(
        "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
        " ?? '').trim()"
    )


def tabuler_jusqu_a(page, texte, limite=60):
    for _ in range(limite):
        page.keyboard.press("Tab")
        if texte in focus(page):
            return
    raise AssertionError(f"« {texte} » ne s’atteint pas par Tab")


def test_le_premier_tab_offre_d_aller_au_contenu(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto("/")
    page.keyboard.press("Tab")
    assert focus(page) == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_tout_le_parcours_au_clavier(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "recherche"
    page.keyboard.insert_text("durand")
    page.get_by_role("option", name="DURAND").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("DURAND"))
    page.keyboard.press("Alt+t")
    expect(page).to_have_title(re.compile("Nouvelle transmission"))
    page.get_by_label("Alimentation", exact=True).focus()
    page.keyboard.press("Space")
    aller_au_texte(page)
    page.keyboard.type(TEXTE)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    assert Transmission.objects.get().donnees == TEXTE


def test_alt_s_enregistre_depuis_n_importe_quel_champ(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto(reverse("accompagnement:transmission_nouvelle", args=[quartier.dossier.pk]))
    page.get_by_label("Sommeil", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Données").fill(TEXTE)
    page.get_by_label("Survenu à").focus()
    page.keyboard.press("Alt+s")
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()


def test_l_aide_des_raccourcis_s_ouvre_se_ferme_et_rend_le_focus(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto("/")
    tabuler_jusqu_a(page, "Résidents")
    page.keyboard.press("?")
    aide = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(aide).to_be_visible()
    page.keyboard.press("Escape")
    expect(aide).to_be_hidden()
    assert "Résidents" in focus(page)


def test_les_raccourcis_n_ecrivent_pas_a_ma_place(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto(reverse("accompagnement:transmission_nouvelle", args=[quartier.dossier.pk]))
    page.get_by_label("Données").focus()
    page.keyboard.type("Va bien ? oui / non")
    expect(page.get_by_label("Données")).to_have_value("Va bien ? oui / non")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_alt_fleche_passe_au_resident_suivant(quartier, soignante, ouvrir):
    page = ouvrir(soignante)
    page.goto(reverse("accompagnement:transmissions", args=[quartier.dossier.pk]))
    page.keyboard.press("Alt+ArrowRight")
    expect(page).to_have_title(re.compile(quartier.voisin.usager.nom_naissance))


def test_les_raccourcis_se_coupent(quartier, soignante, ouvrir):
    soignante.raccourcis_actifs = False
    soignante.save()
    page = ouvrir(soignante)
    page.goto("/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_le_focus_n_est_jamais_cache_sous_le_bandeau(quartier, soignante, ouvrir):
    quartier.transmettre(chacun=8)
    page = ouvrir(soignante)
    page.goto(reverse("accompagnement:transmissions", args=[quartier.dossier.pk]))
    for _ in range(45):
        page.keyboard.press("Tab")
        cache = page.evaluate("""() => {
            const e = document.activeElement, c = e.getBoundingClientRect();
            if (e === document.body || !c.width) return null;
            const vu = document.elementFromPoint(c.x + c.width / 2, c.y + c.height / 2);
            return vu && (e.contains(vu) || vu.contains(e)) ? null : e.outerHTML.slice(0, 200);
        }""")
        assert cache is None, cache


def test_tout_le_parcours_sans_javascript(quartier, soignante, ouvrir):
    quartier.transmettre(importantes=1)
    page = ouvrir(soignante, javascript=False)
    page.goto("/")
    page.get_by_role("button", name="J’ai lu").first.click()
    assert Lecture.objects.filter(compte=soignante).count() == 1
    page.locator("#recherche").fill("durand")
    page.keyboard.press("Enter")
    page.locator("main").get_by_role("link", name="DURAND").first.click()
    page.get_by_role("link", name="Transmission", exact=True).click()
    page.get_by_text("Alimentation", exact=True).click()
    page.get_by_label("Données").fill(TEXTE)
    page.get_by_role("button", name="Enregistrer pour").click()
    expect(page.get_by_text("Transmission enregistrée")).to_be_visible()
    assert Transmission.objects.filter(auteur=soignante).get().donnees == TEXTE


def test_sans_javascript_le_brouillon_a_son_bouton(quartier, soignante, ouvrir):
    page = ouvrir(soignante, javascript=False)
    page.goto(reverse("accompagnement:transmission_nouvelle", args=[quartier.dossier.pk]))
    page.get_by_label("Données").fill(TEXTE)
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.get_by_text("Brouillon gardé")).to_be_visible()
    page.goto("/brouillons/")
    page.get_by_role("link", name="Reprendre").first.click()
    expect(page.get_by_label("Données")).to_have_value(TEXTE)
    assert Brouillon.objects.count() == 1


def test_sans_javascript_le_verrou_et_l_apparence_marchent(quartier, soignante, ouvrir):
    page = ouvrir(soignante, javascript=False)
    page.goto("/residents/")
    page.locator(".barre__compte summary").click()
    page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "sombre")
    page.get_by_role("button", name="Verrouiller").first.click()
    expect(page.get_by_role("heading", name="Poste verrouillé")).to_be_visible()
