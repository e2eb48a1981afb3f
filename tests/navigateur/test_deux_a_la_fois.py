"""Two people, two tabs: nobody overwrites in silence (AC-14), nothing changes person (AC-15)."""

import random

from django.urls import reverse
from playwright.sync_api import expect

from accompagnement.models import Habitude, Transmission
from dui.socle.models import Brouillon
from tests.accompagnement.factories import HabitudeFactory, TransmissionFactory
from tests.socle.factories import ContactFactory

GESTES = 20


def test_la_seconde_correction_d_une_transmission_voit_la_premiere(quartier, soignante, ouvrir):
    transmission = TransmissionFactory(dossier=quartier.dossier, auteur=soignante)
    adresse = reverse(
        "accompagnement:transmission_corriger", args=[quartier.dossier.pk, transmission.pk]
    )
    contexte = ouvrir.contexte(soignante)
    onglets = [contexte.new_page(), contexte.new_page()]
    for page, texte in zip(onglets, ("Un quart du plat.", "Trois quarts du plat."), strict=True):
        page.goto(adresse)
        page.get_by_label("Données").fill(texte)
        page.get_by_label("Motif de la correction").fill("Erreur de quantité")
    premier, second = onglets
    premier.get_by_role("button", name="Enregistrer la correction").click()
    expect(premier.get_by_text("Correction enregistrée")).to_be_visible()
    second.get_by_role("button", name="Enregistrer la correction").click()
    expect(second.get_by_text("Un quart du plat.")).to_be_visible()
    expect(second.get_by_label("Données")).to_have_value("Trois quarts du plat.")
    en_vigueur = Transmission.objects.get(courante=True)
    assert (en_vigueur.donnees, en_vigueur.version) == ("Un quart du plat.", 2)


def test_qui_je_suis_ecrit_a_deux_montre_les_deux_textes(quartier, soignante, ouvrir):
    HabitudeFactory(dossier=quartier.dossier, rubrique="histoire", texte="Née à Saumur.")
    collegue = quartier.professionnel("IDE", prenom="Nadia", nom="Bensaïd")
    adresse = reverse("accompagnement:qui_je_suis", args=[quartier.dossier.pk])
    premier, second = ouvrir(collegue), ouvrir(soignante)
    textes = ("Née à Saumur, institutrice.", "Née à Saumur, trois enfants.")
    for page, texte in zip((premier, second), textes, strict=True):
        page.goto(adresse)
        page.get_by_label("Histoire").first.fill(texte)
    enregistrer(premier)
    enregistrer(second)
    expect(second.locator("#id_histoire_error")).to_contain_text(textes[0])
    expect(second.get_by_label("Histoire").first).to_have_value(textes[1])
    assert Habitude.objects.get().texte == textes[0]
    # Having read both, one gesture is enough.
    second.get_by_label("Histoire").first.fill("Née à Saumur, institutrice, trois enfants.")
    second.get_by_role("button", name="Enregistrer pour").click()
    expect(second.get_by_text("enregistré").first).to_be_visible()
    assert Habitude.objects.get().texte == "Née à Saumur, institutrice, trois enfants."


def test_un_contact_modifie_a_deux_se_fusionne_sans_rien_ecraser(quartier, ouvrir):
    contact = ContactFactory(dossier=quartier.dossier, telephone="06 39 98 01 10", ville="Lille")
    collegue = quartier.professionnel("IDE", prenom="Nadia", nom="Bensaïd")
    claire = quartier.professionnel("IDE", prenom="Claire", nom="Martin")
    adresse = reverse("administratif:entourage_modifier", args=[quartier.dossier.pk, contact.pk])
    premier, second = ouvrir(collegue), ouvrir(claire)
    for page in (premier, second):
        page.goto(adresse)
    premier.get_by_label("Téléphone", exact=False).first.fill("06 39 98 01 99")
    second.get_by_label("Ville").fill("Lomme")
    enregistrer(premier)
    enregistrer(second)
    expect(second.get_by_role("heading", level=1)).to_have_text("Cette fiche a changé entre-temps")
    expect(second.get_by_text("Nadia Bensaïd")).to_be_visible()
    contact.refresh_from_db()
    assert contact.ville == "Lille"
    second.get_by_role("button", name="Enregistrer la fusion").click()
    expect(second.get_by_text("Contact modifié.")).to_be_visible()
    contact.refresh_from_db()
    assert (contact.telephone, contact.ville) == ("06 39 98 01 99", "Lomme")


def test_deux_onglets_deux_residents_ne_se_melangent_jamais(quartier, soignante, ouvrir):
    contexte = ouvrir.contexte(soignante)
    des = random.Random(14)
    onglets = [Onglet(contexte.new_page(), dossier) for dossier in quartier.dossiers[:2]]
    for _ in range(GESTES):
        des.choice(onglets).faire_un_geste(des)
    for onglet in onglets:
        onglet.terminer()
        siennes = Transmission.objects.filter(dossier=onglet.dossier)
        assert {t.donnees for t in siennes} == onglet.enregistrees
        assert all(onglet.nom in t.donnees for t in siennes)
    for brouillon in Brouillon.objects.filter(clos_le=None):
        assert brouillon.dossier.usager.nom_naissance in brouillon.saisies["donnees"][0]


def enregistrer(page):
    """Answered, not only sent: two requests on their way at once have no order."""
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer pour").click()


class Onglet:
    """One tab about one person: opens, types, saves, in whatever order the other tab allows."""

    def __init__(self, page, dossier):
        self.page, self.dossier = page, dossier
        self.nom, self.texte, self.numero = dossier.usager.nom_naissance, None, 0
        self.enregistrees = set()

    def faire_un_geste(self, des):
        if self.texte is None:
            return self.ouvrir()
        return des.choice((self.ecrire, self.enregistrer, self.rechercher))()

    def ouvrir(self):
        self.page.goto(reverse("accompagnement:transmission_nouvelle", args=[self.dossier.pk]))
        self.page.get_by_text("Sommeil", exact=True).click()
        self.ecrire()

    def ecrire(self):
        self.numero += 1
        self.texte = f"{self.nom}, note {self.numero}."
        self.page.get_by_label("Données").fill(self.texte)

    def rechercher(self):
        """The other person is looked up in this tab, without leaving the page."""
        self.page.locator("#recherche").fill("mar")

    def enregistrer(self):
        assert self.nom in self.page.title()
        self.page.locator("#recherche").fill("")
        self.page.get_by_role("button", name="Enregistrer pour").click()
        expect(self.page.get_by_text("Transmission enregistrée")).to_be_visible()
        self.enregistrees.add(self.texte)
        self.texte = None

    def terminer(self):
        if self.texte:
            self.enregistrer()
