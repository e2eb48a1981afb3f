"""Le lieu de travail change dans un autre onglet : la maison reste celle que montrait la page."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from dui.socle.models import Dossier, Sejour
from tests.habilitations.factories import AffectationFactory
from tests.identite.recherche import CINQ, chercher, connue, creer, vers_la_creation
from tests.outils import connecter, formulaire_de
from tests.socle.factories import EtablissementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ailleurs():
    return EtablissementFactory(nom="Les Glycines")


@pytest.fixture
def de_deux_maisons(maison, ailleurs):
    compte = AffectationFactory(role="SECRETAIRE", etablissement=maison).compte
    AffectationFactory(compte=compte, role="SECRETAIRE", etablissement=ailleurs)
    return compte


@pytest.fixture
def client(de_deux_maisons, maison, settings):
    client = connecter(de_deux_maisons)
    travailler(client, maison, settings)
    return client


def travailler(client, maison, settings):
    client.cookies[settings.LIEU_COOKIE_NAME] = str(maison.pk)


def test_le_sejour_s_ouvre_dans_la_maison_que_montrait_le_formulaire(
    client, maison, ailleurs, settings
):
    page = vers_la_creation(client, naissance="12/03/1940", nom="Leg")
    assertContains(page, f"Établissement : {maison}")
    travailler(client, ailleurs, settings)
    creer(client, page, **CINQ)
    assert Dossier.objects.get().sejours.get().etablissement == maison


def test_accueillir_ouvre_le_sejour_la_ou_l_on_a_cherche(client, maison, ailleurs, settings):
    marie = connue(EtablissementFactory())
    page = chercher(client, naissance="12/03/1940", nom="Leg")
    adresse, champs = formulaire_de(page, reverse("identites:accueillir"))
    travailler(client, ailleurs, settings)
    assert client.post(adresse, champs).status_code == 302
    assert Sejour.objects.filter(dossier=marie, etablissement=maison).exists()
    assert not Sejour.objects.filter(dossier=marie, etablissement=ailleurs).exists()


def test_une_recherche_faite_dans_une_maison_que_l_on_a_quittee_ne_cree_rien(
    client, de_deux_maisons, maison
):
    page = vers_la_creation(client, naissance="12/03/1940", nom="Leg")
    for affectation in de_deux_maisons.affectations.filter(etablissement=maison):
        affectation.fin = affectation.debut
        affectation.save()
    assert creer(client, page, **CINQ).url == reverse("identites:rechercher")
    assert not Dossier.objects.exists()
