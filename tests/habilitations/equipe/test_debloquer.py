"""« Débloquer » : après trop d’essais, qui répond du compte le laisse essayer de nouveau."""

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import EntreeJournal
from habilitations.connexion import essais
from habilitations.connexion.vues import ATTENDRE
from tests.habilitations.connexion import appareil, code_de, poster, saisir_mot_de_passe
from tests.habilitations.equipe.gestes import activer
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def compte(soignante):
    return soignante.compte


@pytest.fixture
def bloquee(client, compte):
    for _ in range(essais.ESSAIS_MAX):
        saisir_mot_de_passe(client, compte, "mauvais")
    return compte


def test_le_cadre_debloque_et_le_journal_le_sait(client, bloquee, cadre):
    page = f"/equipe/{bloquee.pk}/"
    assertContains(cadre.get(page), "10 essais refusés")
    reponse = cadre.post(f"{page}debloquer/")
    assert (reponse.status_code, reponse.url) == (302, page)
    assertNotContains(cadre.get(page), "Débloquer")
    assert saisir_mot_de_passe(client, bloquee).status_code == 302
    trace = EntreeJournal.objects.get(cible="compte.debloque")
    assert (trace.acteur, trace.contexte["compte"]) == (cadre.compte, bloquee.pk)


@time_machine.travel("2026-05-12 09:00:05+00:00", tick=False)
def test_debloquer_vaut_aussi_pour_les_codes_du_telephone(client, compte, cadre):
    telephone = appareil(compte)
    etape = saisir_mot_de_passe(client, compte)
    for _ in range(3):
        poster(client, etape.url, code="000000")
    assert poster(client, etape.url, code=code_de(telephone)).status_code == 422
    cadre.post(f"/equipe/{compte.pk}/debloquer/")
    assert poster(client, etape.url, code=code_de(telephone)).status_code == 302


def test_qui_ne_repond_pas_du_compte_ne_le_debloque_pas(client, bloquee, unite):
    maison = unite.etablissement
    adresse = f"/equipe/{bloquee.pk}/debloquer/"
    collegue = connecter(AffectationFactory(role="IDE", etablissement=maison).compte)
    assert collegue.post(adresse).status_code == 403
    ailleurs = connecter(AffectationFactory(role="IDEC").compte)
    assert ailleurs.post(adresse).status_code == 404
    directeur = AffectationFactory(role="DIRECTEUR", etablissement=maison).compte
    chef = connecter(AffectationFactory(role="IDEC", etablissement=maison).compte)
    assert chef.post(f"/equipe/{directeur.pk}/debloquer/").status_code == 403
    assertContains(saisir_mot_de_passe(client, bloquee), ATTENDRE, status_code=422)


def test_un_code_d_activation_neuf_sert_pendant_l_attente(client, bloquee, cadre):
    page = cadre.post(f"/equipe/{bloquee.pk}/acces/", {"motif": "mot_de_passe"})
    code = page.context["code"]
    reponse = activer(bloquee, code, client)
    assert (reponse.status_code, reponse.url) == (302, "/connexion/code/")
