"""Une matinée : la tournée se note au pouce, puis l’animatrice tient sa journée en peu de clics."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from coordination.models import Participation, RendezVous
from tests.agenda.factories import DomicileFactory, RendezVousFactory, dans
from tests.navigateur.gestes import gestes
from tests.navigateur.quartier import Quartier
from tests.socle.factories import DossierFactory, UsagerFactory


def test_une_tournee_au_pouce_puis_une_journee_d_activites(quartier, ouvrir):
    aide = quartier.professionnel("AS", prenom="Fatou", nom="Sarr")
    for rang, dossier in enumerate(quartier.dossiers[:3]):
        DomicileFactory(dossier=dossier)
        RendezVousFactory(
            visite=True, dossiers=[dossier], comptes=[aide], debut=dans(minutes=rang - 6)
        )
    page = ouvrir(aide, largeur=390)
    page.goto(f"/tournee/?jour={timezone.localdate(dans(minutes=-6))}")
    premiere = page.get_by_role("listitem").filter(has_text="DURAND")
    for geste in (premiere.get_by_role("link", name="Noter"), premiere.locator("a[href^='tel:']")):
        if geste.count():
            assert geste.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    premiere.get_by_role("link", name="Noter").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Visite chez Mme DURAND enregistrée")).to_be_visible()
    assert len(gestes(page)) <= 2, gestes(page)

    page.get_by_role("listitem").filter(has_text="LE GOFF").get_by_role(
        "link", name="Noter"
    ).click()
    page.get_by_text("Non faite", exact=True).click()
    page.get_by_text("Non faite : pourquoi").click()
    page.get_by_text("Porte close").click()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#notees")).to_contain_text("Porte close")
    dits = Participation.objects.exclude(presence="prevue").order_by("pk")
    assert list(dits.values_list("presence", "motif")) == [
        ("presente", ""), ("absente", "porte_close"),
    ]  # fmt: skip

    educatrice = quartier.professionnel("EDUCATEUR", prenom="Camille", nom="Froger")
    quand = dans(minutes=-4)
    for _ in range(2):
        RendezVousFactory(activite=True, dossiers=quartier.dossiers[:5], debut=quand)
    page = ouvrir(educatrice)
    page.goto(f"/activites/?jour={timezone.localdate(quand)}")
    page.get_by_role("button", name=re.compile("comme prévu")).click()
    expect(page.get_by_text("2 activités validées")).to_be_visible()
    assert len(gestes(page)) <= 1, gestes(page)
    assert RendezVous.objects.filter(nature="activite", statut="REALISE").count() == 2


def test_dans_une_longue_liste_on_cherche_et_rien_de_coche_ne_se_perd(live_server, ouvrir):
    quartier = Quartier(residents=24)
    DossierFactory(usager=UsagerFactory(nom_naissance="O'NEIL"), sejour__unite=quartier.unite)
    page = ouvrir(quartier.professionnel("EDUCATEUR", prenom="Camille", nom="Froger"))
    page.goto(f"/activites/nouvelle/?unite={quartier.unite.pk}")
    liste = page.locator("[data-filtre]")
    cherche = liste.get_by_role("searchbox")
    liste.get_by_label("DURAND").first.check()
    cherche.fill("goff le")
    expect(liste.get_by_role("status")).to_have_text(re.compile(r"sur 25, 1 case cochée"))
    noms = liste.locator("label:visible").all_inner_texts()
    assert [n for n in noms if "LE GOFF" not in n] == [n for n in noms if "DURAND" in n] != []
    cherche.press("Enter")  # looks for, sends nothing
    expect(cherche).to_have_value("goff le")
    liste.get_by_label("DURAND").first.uncheck()  # a slip: it can be ticked again at once
    expect(liste.get_by_label("DURAND").first).to_be_visible()
    for nom in ("oneil", "O’Neil", "neil"):
        cherche.fill(nom)
        expect(liste.locator("label:visible")).to_have_count(1)
    cherche.fill("")
    expect(liste.locator("label:visible")).to_have_count(25)
    page.get_by_label("À savoir").fill("Tabliers à prévoir.")
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    # The draft is named in the address, which still says of which unit the page is.
    assert f"unite={quartier.unite.pk}" in page.url and "brouillon=" in page.url
