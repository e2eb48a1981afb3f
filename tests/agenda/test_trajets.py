"""Les transports : qui conduit, qui accompagne, combien de kilomètres, à quel coût."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from coordination.agenda import trajets
from coordination.models import RendezVous
from tests.agenda.factories import RendezVousFactory, dans
from tests.agenda.test_pages import MAXIMUM, marie, saisie, unite, yves
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
__all__ = ["marie", "unite", "yves"]
VSL = {"transport": "ORG-160", "trajet_conducteur": "vsl", "trajet_km": Decimal("12.5")}
PAGE = "/agenda/transports/"


@pytest.mark.parametrize(
    ("valeur", "dit"),
    [(None, ""), (Decimal("12.50"), "12,5 km"), (Decimal("40.0"), "40 km"), (30, "30 km"),
     (Decimal("0"), "0 km"), (Decimal("100"), "100 km")],
)  # fmt: skip
def test_une_distance_se_lit_sans_zero_inutile(valeur, dit):
    assert trajets.unites(valeur, "km").replace("\xa0", " ") == dit


def test_un_transport_se_planifie_se_lit_et_se_conclut(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    adresse = f"/dossiers/{marie.pk}/agenda/nouveau/"
    dit = {"trajet_conducteur": "vsl", "trajet_transporteur": "Ambulances du Port",
           "trajet_accompagnant": "proche", "trajet_km": "12,5", "trajet_minutes": "40",
           "trajet_prevu": "31,90"}  # fmt: skip
    sans_mode = client.post(adresse, saisie(**dit))
    assertContains(sans_mode, trajets.SANS_MODE, status_code=422)
    assertContains(sans_mode, "Ambulances du Port", status_code=422)
    dit["transport"] = "ORG-160"
    assert client.post(adresse, saisie(**dit | {"trajet_km": "-3"})).status_code == 422
    assert client.post(adresse, saisie(**dit)).status_code == 302
    r = RendezVous.objects.get()
    assert (r.trajet_km, r.trajet_prevu, r.trajet_reel) == (Decimal("12.5"), Decimal("31.90"), None)
    lue = client.get(f"/agenda/{r.pk}/")
    for mot in ("VSL ou ambulance, Ambulances du Port", "12,5\xa0km", "31,90\xa0€", "Un proche"):
        assertContains(lue, mot)
    vers, champs = formulaire_de(client.get(f"/agenda/{r.pk}/modifier/"))
    assert champs["trajet_km"] == ["12,5"]
    assert client.post(vers, champs | {"trajet_conducteur": ["taxi"]}).status_code == 302
    r.refresh_from_db()
    assert (r.trajet_conducteur, r.history.count()) == ("taxi", 2)

    fini = RendezVousFactory(dossiers=[marie], comptes=[client.compte], **VSL)
    vers, champs = formulaire_de(client.get(f"/agenda/{fini.pk}/conclure/"))
    assert client.post(vers, champs | {"trajet_reel": ["35,20"]}).status_code == 302
    fini.refresh_from_db()
    assert (fini.trajet_reel, fini.trajet_km) == (Decimal("35.20"), Decimal("12.5"))
    sans = RendezVousFactory(dossiers=[marie], comptes=[client.compte])
    assertNotContains(client.get(f"/agenda/{sans.pk}/conclure/"), "Coût réel")


def test_la_liste_dit_qui_conduit_et_ce_que_cela_fait(en_tant_que, marie, yves):
    client, instant = en_tant_que(marie, role="IDE"), dans()
    communs = {"debut": instant, "fin": dans(minutes=30)}
    RendezVousFactory(dossiers=[marie], **communs, **VSL, trajet_prevu=20, trajet_reel=25)
    RendezVousFactory(dossiers=[yves], **communs, **VSL, trajet_prevu=20)
    RendezVousFactory(dossiers=[yves], **communs, transport="ORG-203", libelle="Marché")
    RendezVousFactory(dossiers=[yves], **communs, **VSL, statut="ANNULE", motif="refus")
    RendezVousFactory(dossiers=[yves], **communs, libelle="Pédicure")
    with CaptureQueriesContext(
        connection,
    ) as requetes:
        page = client.get(PAGE)
    assert len(requetes) <= MAXIMUM
    assertContains(page, "DURAND")
    assertContains(page, "À préciser")
    assertNotContains(page, "Pédicure")
    vsl, sans = page.context["transports"].totaux
    assert (vsl.nom, vsl.trajets, vsl.km, vsl.euros) == ("VSL ou ambulance", 2, 25, 45)
    assert (sans.trajets, sans.distance, sans.cout) == (1, "", "")
    assertContains(client.get(f"{PAGE}imprimer/"), "Marché")

    assert en_tant_que(marie, role="DIRECTEUR").get(PAGE).status_code == 403
    etrangere = en_tant_que(DossierFactory(), role="IDE").get(PAGE)
    assertNotContains(etrangere, "DURAND")
