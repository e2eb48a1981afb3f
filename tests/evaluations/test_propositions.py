"""NEWS2 d’après les constantes : la valeur, son heure, son auteur ; rien sans confirmation."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.propositions import option_pour
from accompagnement.models import Evaluation
from soins.models import Mesure
from tests.evaluations.test_pages import adresse, envoyer
from tests.socle.factories import CompteFactory, DossierFactory

ITEMS = {i["code"]: i for i in catalogue.definition("news2").brut["items"]}
CONSTANTES = {"fr": 22, "spo2": 95, "pas": 104, "fc": 96, "temperature": "38.04"}


@pytest.mark.parametrize(
    ("item", "valeur", "option"),
    [
        ("fr", "8", "..8"),
        ("fr", "9", "9..11"),
        ("fr", "24", "21..24"),
        ("fr", "25", "25.."),
        ("spo2_1", "91", "..91"),
        ("spo2_1", "92", "92..93"),
        ("pas", "90", "..90"),
        ("pas", "91", "91..100"),
        ("pas", "219", "111..219"),
        ("pas", "220", "220.."),
        ("pouls", "131", "131.."),
        ("temp", "35.04", "..35.0"),
        ("temp", "35.05", "35.1..36.0"),
        ("temp", "38.0", "36.1..38.0"),
        ("temp", "39.1", "39.1.."),
    ],
)
def test_la_valeur_tombe_dans_sa_tranche_apres_arrondi(item, valeur, option):
    assert option_pour(ITEMS[item], Decimal(valeur))["valeur"] == option


def test_une_valeur_qui_tombe_dans_deux_tranches_ne_se_propose_pas():
    assert option_pour(ITEMS["spo2_2"], Decimal("95")) is None  # with oxygen or without


@pytest.fixture
def dossier(db):
    dossier = DossierFactory()
    releveuse = CompteFactory(first_name="Odile", last_name="Mesureuse")
    for code, valeur in CONSTANTES.items():
        mesurer(dossier, code, valeur, releveuse)
    return dossier


def mesurer(dossier, code, valeur, auteur, minutes=30):
    le = timezone.now() - timedelta(minutes=minutes)
    return Mesure.objects.create(
        dossier=dossier, code=code, valeur=valeur, mesuree_le=le, auteur=auteur
    )


def confirmations(page) -> dict:
    champs = page.context["formulaire"].fields
    return {n: [c.choices[0][0]] for n, c in champs.items() if n.startswith("c_")}


def test_rien_n_est_repris_sans_etre_confirme(en_tant_que, dossier):
    client = en_tant_que(dossier)
    url = adresse("evaluation_nouvelle", dossier, "news2")
    page = client.get(url)
    cases = confirmations(page)
    assert sorted(cases) == ["c_fr", "c_pas", "c_pouls", "c_spo2_1", "c_temp"]
    assert "Confirmer « 21 à 24 »" in page.text.replace("\xa0", " ")
    releveuse = Mesure.objects.first().auteur.signature
    assert releveuse in page.text
    a_dire = {"o2": "air", "conscience": "A"}

    assert envoyer(client, url, a_dire, "valider").status_code == 422
    reponse = envoyer(client, url, a_dire, "valider", **cases)
    e = Evaluation.objects.get()
    assert (e.score, e.etat) == (5, "validee")
    assert e.origines["fr"]["valeur"].startswith("22")
    page = client.get(reponse.url)
    assert "Repris et confirmé" in page.text
    assert releveuse in page.text


def test_une_mesure_arrivee_entre_temps_et_une_contradiction_se_relisent(en_tant_que, dossier):
    client = en_tant_que(dossier)
    url = adresse("evaluation_nouvelle", dossier, "news2")
    cases = confirmations(client.get(url))
    refus = envoyer(client, url, {"fr": "..8"}, c_fr=cases["c_fr"])
    assert "n’est pas la valeur confirmée" in refus.text
    mesurer(dossier, "fr", 30, client.compte, minutes=1)

    refus = envoyer(client, url, {}, c_fr=cases["c_fr"])

    assert refus.status_code == 422
    assert "Une valeur plus récente est arrivée" in refus.text
    assert not Evaluation.objects.exists()


def test_ni_les_vieilles_mesures_ni_celles_qu_on_ne_lit_pas_ne_se_proposent(en_tant_que, dossier):
    url = adresse("evaluation_nouvelle", dossier, "news2")
    assert not confirmations(en_tant_que(dossier, role="PSYCHOLOGUE").get(url))
    ancien = DossierFactory()
    mesurer(ancien, "fr", 22, CompteFactory(), minutes=300)
    assert not confirmations(
        en_tant_que(ancien).get(adresse("evaluation_nouvelle", ancien, "news2"))
    )
