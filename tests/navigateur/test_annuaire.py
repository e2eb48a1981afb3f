"""Noter un correspondant depuis l’annuaire : au clavier pendant la frappe, puis sans script."""

from django.urls import reverse
from playwright.sync_api import expect

from dui.socle.models import Correspondant
from tests.annuaire.factories import bal, exercice, professions


def remplir():
    professions(c10="Médecin", c60="Infirmier")
    medecin = exercice("SAUCIER", "ARTHUR", numero=1)
    exercice("SAUVAGE", "INÈS", numero=2, profession="60")
    bal("arthur.saucier@medecin.mssante.example.org", idnps=medecin.idnps)


def page_d_ajout(quartier):
    return reverse("administratif:entourage_correspondant_ajouter", args=[quartier.dossier.pk])


def test_les_lignes_suivent_la_frappe_et_le_choix_reste(quartier, ouvrir):
    remplir()
    page = ouvrir(quartier.professionnel("IDE"))
    page.goto(page_d_ajout(quartier))
    page.get_by_label("Nom", exact=True).focus()
    page.keyboard.type("sau")
    expect(page.get_by_role("radio")).to_have_count(2)
    page.get_by_role("radio", name="SAUCIER").focus()
    page.keyboard.press("Space")
    page.get_by_label("Nom", exact=True).fill("sauvage")
    expect(page.get_by_role("radio", name="SAUVAGE")).to_be_visible()
    expect(page.get_by_role("radio", name="SAUCIER")).to_be_checked()
    page.get_by_label("Rôle auprès de la personne").select_option("MEDECIN_TRAITANT")
    page.keyboard.press("Alt+s")
    expect(page.get_by_text("Arthur SAUCIER est noté parmi les correspondants")).to_be_visible()
    note = Correspondant.objects.get()
    assert note.mssante == "arthur.saucier@medecin.mssante.example.org"


def test_la_meme_chose_sans_script(quartier, ouvrir):
    remplir()
    page = ouvrir(quartier.professionnel("IDE"), javascript=False)
    page.goto(page_d_ajout(quartier))
    page.get_by_label("Nom", exact=True).fill("saucier")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("radio", name="SAUCIER").check()
    page.get_by_label("Rôle auprès de la personne").select_option("MEDECIN_TRAITANT")
    page.get_by_role("button", name="Noter ce correspondant").click()
    expect(page.get_by_text("Arthur SAUCIER est noté parmi les correspondants")).to_be_visible()
    assert Correspondant.objects.count() == 1
