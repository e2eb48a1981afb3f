"""Retrouver ce qui a été écrit, d’une personne ou d’une unité."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as essais
from hypothesis import strategies as st

from accompagnement.models import Lecture, Transmission
from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.test_transmissions import url
from tests.socle.factories import DossierFactory

TEXTES = {
    "fievre": "Fièvre à 39 °C, paracétamol donné.",
    "oedeme": "Œdèmes des deux jambes, plus gonflées qu’hier.",
    "marche": "A marché jusqu’au jardin avec sa fille.",
}


@pytest.fixture
def dossier(db):
    dossier = DossierFactory()
    for numero, texte in enumerate(TEXTES.values()):
        TransmissionFactory(
            dossier=dossier,
            donnees=texte,
            cible=("traitement", "peau", "famille")[numero],
            fonction=("IDE", "AS", "AS")[numero],
        )
    return dossier


def lues(page) -> set[str]:
    return {t.donnees for t in page.context["tranche"].lignes}


@pytest.mark.parametrize(
    ("cherche", "trouve"),
    [
        ("fievre", {"fievre"}),
        ("FIÈVRE", {"fievre"}),
        ("marcher", {"marche"}),  # another form of the word
        ("oedeme jambe", {"oedeme"}),
        ("jambes fille", set()),  # every word
        ("paracetamol or jardin", {"fievre", "marche"}),
        ('"deux jambes"', {"oedeme"}),
        ("39", {"fievre"}),
        ("' | & ! (:*", None),  # only punctuation: nothing to look for
        ("zzz", set()),
    ],
)
def test_les_mots_se_trouvent_sans_accents_et_sous_toutes_leurs_formes(
    en_tant_que, dossier, cherche, trouve
):
    page = en_tant_que(dossier, role="IDE").get(url("transmissions", dossier), {"q": cherche})
    assert lues(page) == {TEXTES[t] for t in trouve or ()}


@pytest.mark.parametrize(
    ("filtre", "trouve"),
    [
        ({"categorie": "famille"}, {"marche"}),
        ({"categorie": "soin"}, {"fievre", "oedeme"}),
        ({"cible": "peau"}, {"oedeme"}),
        ({"qui": "AS"}, {"oedeme", "marche"}),
        ({"qui": "moi"}, set()),
        ({"qui": "AS", "q": "jardin", "categorie": "famille"}, {"marche"}),
        ({"categorie": "rien"}, set(TEXTES)),  # a filter nobody wrote filters nothing
        ({"du": "01/01/1999", "au": "02/01/1999"}, set()),
    ],
)
def test_les_filtres_se_croisent(en_tant_que, dossier, filtre, trouve):
    page = en_tant_que(dossier, role="IDE").get(url("transmissions", dossier), filtre)
    assert lues(page) == {TEXTES[t] for t in trouve}


def test_non_lues_ne_montre_que_ce_qui_reste_a_lire(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    lue = TransmissionFactory(dossier=dossier, urgente=True, donnees="Lue.")
    TransmissionFactory(dossier=dossier, importante=True, donnees="À lire.")
    Lecture.objects.create(transmission=lue, compte=client.compte)
    page = client.get(url("transmissions", dossier), {"importance": "non_lues"})
    assert lues(page) == {"À lire."}


def test_le_fil_de_l_unite_montre_la_semaine_de_chacun(en_tant_que, dossier):
    sejour = dossier.sejours.get()
    voisin = DossierFactory(sejour__etablissement=sejour.etablissement, sejour__unite=sejour.unite)
    TransmissionFactory(dossier=voisin, donnees="Chez la voisine.")
    TransmissionFactory(donnees="Ailleurs.")
    il_y_a_un_mois = timezone.now() - timedelta(days=30)
    TransmissionFactory(dossier=dossier, donnees="Il y a un mois.", survenu_le=il_y_a_un_mois)
    reservee = TransmissionFactory(dossier=dossier, donnees="Secret.", reserve="psychologues")
    client = en_tant_que(dossier, role="IDE")
    adresse = reverse("accompagnement:fil_du_lieu")
    assert lues(client.get(adresse)) == {*TEXTES.values(), "Chez la voisine."}
    assert lues(client.get(adresse, {"q": "mois", "du": ""})) == {"Il y a un mois."}
    assert lues(client.get(adresse, {"q": "voisine"})) == {"Chez la voisine."}
    assert reservee.donnees not in client.get(adresse, {"du": ""}).content.decode()
    assert en_tant_que(dossier, role="SECRETAIRE").get(adresse).status_code == 403
    assert lues(en_tant_que(DossierFactory(), role="IDE").get(adresse)) == set()


@essais(max_examples=25)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=100))
def test_aucune_saisie_ne_fait_tomber_la_recherche(django_db_setup, django_db_blocker, texte):
    with django_db_blocker.unblock(), connection.cursor() as curseur:
        curseur.execute("SELECT websearch_to_tsquery('french', dui_normaliser(%s))", [texte])
        assert isinstance(curseur.fetchone()[0], str)


def test_les_mots_restent_dans_la_base(db):
    TransmissionFactory()
    assert "plein_texte" in Transmission.objects.get().get_deferred_fields()
