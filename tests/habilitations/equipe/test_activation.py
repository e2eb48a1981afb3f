"""Le code remis : on choisit son mot de passe, une fois, puis on relie son téléphone."""

import pytest
from django.contrib.auth import get_user_model
from pytest_django.asserts import assertContains

from dui.socle.models import EntreeJournal
from tests.habilitations.connexion import plus_tard
from tests.habilitations.equipe.gestes import PHRASE, activer, ajouter, code_montre
from tests.outils import ClientVerifie

pytestmark = pytest.mark.django_db
Compte = get_user_model()


@pytest.fixture
def remplacante(cadre, unite):
    reponse = ajouter(cadre, unite)
    return Compte.objects.get(username="lila.dalmeida"), code_montre(reponse)


def test_avec_le_code_on_choisit_son_mot_de_passe_puis_on_relie_son_telephone(remplacante):
    compte, code = remplacante
    client = ClientVerifie()
    suite = activer(compte, code.lower().replace("-", " "), client)
    assert suite.status_code == 302
    assertContains(client.get(suite.url, follow=True), "Relier votre téléphone")
    compte.refresh_from_db()
    assert compte.check_password(PHRASE)
    trace = EntreeJournal.objects.get(action="activation")
    assert trace.acteur == compte


def test_le_code_ne_sert_qu_une_fois(remplacante):
    compte, code = remplacante
    assert activer(compte, code).status_code == 302
    assertContains(activer(compte, code), "déjà utilisé", status_code=422)


def test_le_code_perime(remplacante, settings):
    compte, code = remplacante
    with plus_tard(seconds=settings.DELAI_ACTIVATION + 1):
        assert activer(compte, code).status_code == 422


def test_un_mot_de_passe_faible_ne_consomme_pas_le_code(remplacante):
    compte, code = remplacante
    assert activer(compte, code, mot_de_passe="azerty").status_code == 422
    assert activer(compte, code).status_code == 302


def test_rien_ne_dit_si_c_est_l_identifiant_ou_le_code_qui_est_faux(remplacante):
    compte, code = remplacante
    faux_code = activer(compte, "AAAA-AAAA-AAAA-AAAA").content.decode()
    compte.username = "personne"
    faux_nom = activer(compte, code).content.decode()
    for page in (faux_code, faux_nom):
        assert "Identifiant ou code inconnu" in page


def test_apres_dix_essais_on_attend(remplacante):
    compte, code = remplacante
    for _ in range(10):
        activer(compte, "AAAA-AAAA-AAAA-AAAA")
    assertContains(activer(compte, code), "Trop d’essais", status_code=422)


def test_le_code_d_un_compte_suspendu_n_ouvre_rien(remplacante):
    compte, code = remplacante
    compte.is_active = False
    compte.save()
    assert activer(compte, code).status_code == 422
