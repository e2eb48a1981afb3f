"""Un projet se construit avec la personne et sa sœur, se vit, se revoit, se lit en facile."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accompagnement.models import AccordProjet, Projet
from tests.accompagnement.factories import TransmissionFactory
from tests.navigateur.accessibilite import axe, defilement
from tests.socle.factories import ContactFactory

SIX_MOIS = timedelta(days=190)


@pytest.fixture
def il_y_a_six_mois(monkeypatch):
    """L’horloge du produit, que `revenir()` remet à l’heure ; celle du navigateur ne bouge pas."""
    maintenant = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: maintenant() - SIX_MOIS)

    def revenir():
        monkeypatch.setattr(timezone, "now", maintenant)

    return revenir


def ecrire(page, bouton, **champs):
    """Le bouton de la version en préparation, ses champs, puis enregistrer."""
    page.get_by_role("link", name=bouton).first.click()
    for nom, valeur in champs.items():
        entree = page.locator(f"[name={nom}]").first
        if entree.evaluate("e => e.tagName") == "SELECT":
            entree.select_option(valeur)
        else:
            entree.fill(valeur)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Enregistré dans la version en préparation")).to_be_visible()


def dire_oui(page, **champs):
    for nom, valeur in champs.items():
        if nom in ("qualite", "moyen"):
            page.locator(f"[name={nom}]").select_option(valeur)
        elif nom == "partie":
            page.get_by_text(valeur, exact=True).click()
        else:
            page.locator(f"[name={nom}]").fill(valeur)
    page.get_by_role("button", name="Noter cet avis").click()
    expect(page.get_by_text("Un autre accord peut suivre")).to_be_visible()


@pytest.mark.lent
def test_un_projet_construit_avec_la_personne_et_sa_soeur_vit_six_mois(
    quartier, ouvrir, il_y_a_six_mois
):
    dossier = quartier.dossier
    ContactFactory(dossier=dossier, prenom="Lucie", nom="Petit", personne_confiance=True)
    educatrice = quartier.professionnel("EDUCATEUR", prenom="Solène", nom="Le Bris")
    page = ouvrir(educatrice)

    page.goto(f"/dossiers/{dossier.pk}/projets/")
    page.get_by_role("link", name="Ouvrir un projet").click()
    page.get_by_role("button", name="Ouvrir le projet").click()
    ecrire(page, "Ajouter une attente", titre="Manger avec les autres", origine="usager",
           description="Manger en bas.", mode="pictogrammes")  # fmt: skip
    ecrire(page, "Ajouter une attente", origine="famille", qui="Lucie Petit, sa sœur",
           description="Qu’elle voie du monde.")  # fmt: skip
    ecrire(page, "Ajouter un besoin", description="Être rassurée en marchant.")
    ecrire(page, "Ajouter un objectif", titre="Aller à pied à la salle à manger",
           falc="Je vais manger en bas.\nJ’y vais à pied.")  # fmt: skip
    assert not axe(page)
    ecrire(page, "Ajouter une action", titre="Marche accompagnée", periodicite="à 11 h 45")
    page.get_by_role("button", name="Arrêter la version").click()

    dire_oui(page, moyen="pictogrammes")  # the person first
    dire_oui(page, qui="Lucie Petit", qualite="soeur", moyen="oral")
    dire_oui(page, partie="La structure", qui="Anne Corre", qualite="cadre", moyen="ecrit")
    assert not axe(page)
    assert AccordProjet.objects.filter(version__numero=1, avis="accord").count() == 3

    il_y_a_six_mois()
    for jours, donnees in (
        (150, "Venue à pied."),
        (60, "Venue à pied, sans pause."),
        (9, "Refus."),
    ):
        TransmissionFactory(
            dossier=dossier, donnees=donnees, survenu_le=timezone.now() - timedelta(days=jours)
        )
    projet = Projet.objects.get()
    page = ouvrir(educatrice)
    page.goto(f"/dossiers/{dossier.pk}/projets/")
    expect(page.get_by_text("Bilan en retard")).to_be_visible()
    page.get_by_role("link", name="Relier des traces").click()
    for texte, sens in (("sans pause", "pour"), ("Refus.", "contre")):
        bloc = page.locator(".pile--serree", has_text=texte).last
        bloc.locator(f"label:has(input[value={sens}])").click()
    page.get_by_role("button", name="Enregistrer les liens").click()
    expect(page.locator("#preuves").get_by_text("sans pause")).to_be_visible()
    assert not axe(page)

    page.goto(f"/dossiers/{dossier.pk}/projets/{projet.pk}/bilan/")
    page.get_by_label("Constat").fill("3 repas sur 5")
    page.get_by_label("Avancement (%)").fill("60")
    page.get_by_label("Synthèse").fill("Elle marche mieux et le dit.")
    assert not axe(page)
    page.get_by_role("button", name="Enregistrer le bilan").click()
    expect(page.locator(".jauge").get_by_text("3 repas sur 5").last).to_be_visible()

    page.get_by_role("link", name="Préparer une nouvelle version").click()
    page.locator("[name=motif]").select_option("annuelle")
    page.get_by_role("button", name="Préparer cette version").click()
    ecrire(page, "Ajouter un objectif", titre="Être à la chorale le mardi")
    page.get_by_role("button", name="Arrêter la version").click()
    page.get_by_role("link", name="Lire le projet").click()
    # An agreement never carries over.
    expect(page.locator("#accords").get_by_text("l’accord de la structure")).to_be_visible()
    page.get_by_role("link", name="Comparer à la version 1").click()
    expect(page.get_by_text("Objectif ajouté : Être à la chorale le mardi")).to_be_visible()
    assert not axe(page)

    page.goto(f"/dossiers/{dossier.pk}/projets/{projet.pk}/")
    assert not axe(page)
    assert defilement(page, 390) <= 0
    page.goto(f"/dossiers/{dossier.pk}/projets/{projet.pk}/imprimer/")
    expect(page.get_by_role("heading", name="Objectif : Aller à pied")).to_be_visible()
    assert page.request.get(
        f"/dossiers/{dossier.pk}/projets/{projet.pk}/projet.pdf"
    ).body().startswith(b"%PDF-")  # fmt: skip

    elle = ouvrir(quartier.portail(), largeur=390)
    elle.goto("/portail/")
    elle.get_by_text("Lire le projet, en facile à lire").click()
    expect(elle.get_by_text("J’y vais à pied.")).to_be_visible()
    assert not axe(elle)
    assert defilement(elle, 390) <= 0
