"""Le tableau des résidents et l’accueil : ce qu’ils montrent à qui n’ouvre pas tout."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import DossierFactory, PlaceFactory, UniteFactory, UsagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unite():
    return UniteFactory()


@pytest.fixture
def en_chambre(unite):
    return DossierFactory(sejour__place=PlaceFactory(unite=unite), gir=3)


def test_qui_ne_lit_pas_les_vigilances_n_en_voit_ni_le_filtre_ni_la_colonne(
    en_tant_que, en_chambre
):
    for adresse in ("/residents/", "/residents/imprimer/"):
        assertContains(en_tant_que(en_chambre, role="IDE").get(adresse), "Vigilances")
        page = en_tant_que(en_chambre, role="SECRETAIRE").get(adresse)
        assertNotContains(page, "Vigilances")
        assertNotContains(page, "En alerte")


def test_ni_chambre_ni_gir_la_ou_personne_n_en_a(en_tant_que, en_chambre):
    page = en_tant_que(en_chambre, role="IDE").get("/residents/")
    assertContains(page, "tri=chambre")
    assertContains(page, "tri=gir")
    a_domicile = DossierFactory(sejour__place=None, gir=None)
    for adresse in ("/residents/", "/residents/imprimer/"):
        page = en_tant_que(a_domicile, role="IDE").get(adresse)
        assertNotContains(page, ">Ch.<")
        # As a word: a token may hold the three letters.
        assert not re.search(r"\bGIR\b", page.content.decode())


@pytest.mark.parametrize("domaine", ["PH", "DOM"])
def test_la_recherche_ne_parle_de_chambre_qu_a_qui_heberge(domaine):
    unite = UniteFactory(etablissement__mot_personne="enfant", etablissement__domaine=domaine)
    page = connecter(AffectationFactory(etablissement=unite.etablissement).compte).get(
        "/recherche/"
    )
    assertNotContains(page, "une chambre")
    assertContains(page, "un numéro de dossier…")


def test_la_secretaire_va_droit_a_ce_qu_il_faut_completer(en_tant_que, en_chambre):
    page = en_tant_que(en_chambre, role="SECRETAIRE").get("/")
    assertContains(page, f'href="{reverse("administratif:identite", args=[en_chambre.pk])}"')


def test_l_accueil_distingue_deux_homonymes(en_tant_que, unite):
    naissances = [date(1940, 2, 3), date(1951, 6, 7)]
    deux = [
        DossierFactory(
            usager=UsagerFactory(nom_naissance="MOREAU", homonyme=True, date_naissance=le),
            sejour__unite=unite,
            sejour__entree_le=timezone.localdate(),
        )
        for le in naissances
    ]
    page = en_tant_que(deux[0], role="IDE").get(f"/?unite={unite.pk}")
    sections = {s["nom"] for c in page.context["sections"].values() for s in c}
    assert {"ecrire_pour", "aujourdhui"} <= sections
    for le in naissances:
        assertContains(page, f"{le:%d/%m/%Y}", count=2)


def test_le_registre_propose_les_unites_a_choisir(en_tant_que, en_chambre, unite):
    client = en_tant_que(en_chambre, role="IDE")
    page = client.get(f"/presences/registre/?etablissement={unite.etablissement_id}")
    assertContains(page, f'href="?unite={unite.pk}"')
