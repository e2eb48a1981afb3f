"""Se connecter : deux preuves, des refus qui ne renseignent personne, une pénitence mesurée."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal
from habilitations.connexion import essais, services
from habilitations.connexion.vues import ATTENDRE, REFUS
from habilitations.models import PriseDePoste
from habilitations.politique import Habilitation
from tests.habilitations.connexion import (
    appareil,
    code_de,
    plus_tard,
    poster,
    saisir_mot_de_passe,
    se_connecter,
)
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def compte():
    return AffectationFactory().compte


def actions():
    return list(EntreeJournal.objects.order_by("pk").values_list("action", flat=True))


def connecte(client) -> bool:
    return "_auth_user_id" in client.session


# ------------------------------------------------------------------ deux preuves


def test_mot_de_passe_puis_code_ouvrent_la_session_et_le_journal_le_sait(client, compte):
    reponse = se_connecter(client, compte)
    assertRedirects(reponse, "/", fetch_redirect_response=False)
    assert connecte(client)
    assert "connexion" in actions()


def test_le_mot_de_passe_seul_n_ouvre_rien(client, compte):
    appareil(compte)
    saisir_mot_de_passe(client, compte)
    assert not connecte(client)
    assert client.get("/").url.startswith("/connexion/")


def test_le_code_sans_mot_de_passe_renvoie_au_debut(client, compte):
    appareil(compte)
    assertRedirects(client.get("/connexion/code/"), "/connexion/")


def test_un_code_ne_sert_qu_une_fois(client, compte):
    telephone = appareil(compte)
    se_connecter(client, compte)
    client.logout()
    etape = saisir_mot_de_passe(client, compte)
    reponse = poster(client, etape.url, code=code_de(telephone))
    assertContains(reponse, "Code refusé", status_code=422)
    assert not connecte(client)


def test_un_code_se_saisit_avec_une_espace(client, compte):
    telephone = appareil(compte)
    etape = saisir_mot_de_passe(client, compte)
    code = code_de(telephone)
    assert poster(client, etape.url, code=f"{code[:3]} {code[3:]}").status_code == 302


def test_un_mot_de_passe_garde_ses_espaces(client, compte):
    reponse = saisir_mot_de_passe(client, compte, "quatre mots sans rapport ")
    assertContains(reponse, REFUS, status_code=422)


def test_le_numero_de_session_change_a_la_connexion(client, compte):
    client.get("/connexion/")
    saisir_mot_de_passe(client, compte)
    avant = client.session.session_key
    telephone = appareil(compte)
    poster(client, "/connexion/code/", code=code_de(telephone))
    assert client.session.session_key != avant


# ------------------------------------------------------------------ premier téléphone


def test_la_premiere_fois_on_relie_son_telephone(client, compte):
    etape = saisir_mot_de_passe(client, compte)
    assertRedirects(client.get(etape.url), "/connexion/enrolement/")
    telephone = telephone_relie_a(client)
    reponse = poster(client, "/connexion/enrolement/", code=code_de(telephone))
    assertRedirects(reponse, "/", fetch_redirect_response=False)
    assert TOTPDevice.objects.get(user=compte, confirmed=True).key == telephone.key
    assert connecte(client)


def telephone_relie_a(client) -> TOTPDevice:
    """A telephone that has read the square of this page."""
    page = client.get("/connexion/enrolement/").content.decode()
    return TOTPDevice(key=re.search(r"<code>(\w+)</code>", page)[1])


def test_qui_connait_le_premier_mot_de_passe_ne_copie_pas_la_cle_du_telephone(client, compte):
    """L’administrateur qui a créé le compte ouvre la même page, avant et après la personne."""
    curieux = ClientVerifie()
    saisir_mot_de_passe(curieux, compte)
    avant = telephone_relie_a(curieux)
    saisir_mot_de_passe(client, compte)
    telephone = telephone_relie_a(client)
    assert telephone_relie_a(curieux).key == avant.key != telephone.key
    assert poster(client, "/connexion/enrolement/", code=code_de(telephone)).status_code == 302
    assert TOTPDevice.objects.get(user=compte).key == telephone.key
    reponse = client.get("/connexion/enrolement/")
    assertRedirects(reponse, "/connexion/", fetch_redirect_response=False)
    refus = curieux.post("/connexion/enrolement/", {"code": code_de(avant)})
    assert refus.url.startswith("/connexion/") and not connecte(curieux)


def test_le_code_qui_a_relie_le_telephone_ne_sert_pas_une_seconde_fois(client, compte):
    saisir_mot_de_passe(client, compte)
    code = code_de(telephone_relie_a(client))
    assert poster(client, "/connexion/enrolement/", code="000000").status_code == 422
    assert poster(client, "/connexion/enrolement/", code=code).status_code == 302
    autre = ClientVerifie()
    etape = saisir_mot_de_passe(autre, compte)
    assert poster(autre, etape.url, code=code).status_code == 422


def test_on_ne_relie_pas_un_second_telephone_avec_le_seul_mot_de_passe(client, compte):
    appareil(compte)
    saisir_mot_de_passe(client, compte)
    reponse = client.get("/connexion/enrolement/")
    assertRedirects(reponse, "/connexion/", fetch_redirect_response=False)
    assert TOTPDevice.objects.filter(user=compte).count() == 1


# ------------------------------------------------------------------ refus


def test_un_refus_ne_dit_pas_si_le_compte_existe(client, compte):
    compte.is_active = False
    compte.save()
    inconnu = CompteFactory.build(username="personne")
    autre = AffectationFactory().compte
    pages = [
        saisir_mot_de_passe(client, qui, mot)
        for qui, mot in (
            (inconnu, "un mot de passe quelconque"),
            (autre, "un mot de passe quelconque"),
            (compte, "quatre mots sans rapport"),
        )
    ]
    for page in pages:
        assertContains(page, REFUS, status_code=422)
    assert actions() == ["connexion_refusee"] * 3


def test_l_essai_refuse_ne_garde_pas_le_mot_de_passe_saisi(client, compte):
    page = saisir_mot_de_passe(client, compte, "secret-mal-tape")
    assertNotContains(page, "secret-mal-tape", status_code=422)
    assert not EntreeJournal.objects.filter(contexte__icontains="secret-mal-tape").exists()


@pytest.fixture
def dix_echecs(client, compte):
    for _ in range(essais.ESSAIS_MAX):
        saisir_mot_de_passe(client, compte, "mauvais")


def test_apres_dix_echecs_meme_le_bon_mot_de_passe_attend(client, compte, dix_echecs):
    assertContains(saisir_mot_de_passe(client, compte), ATTENDRE, status_code=422)


def test_la_penitence_dure_un_quart_d_heure(client, compte, dix_echecs):
    with plus_tard(minutes=14):
        assert saisir_mot_de_passe(client, compte).status_code == 422
    with plus_tard(minutes=16):
        assert saisir_mot_de_passe(client, compte).status_code == 302


def test_la_penitence_d_un_compte_inexistant_est_la_meme(client):
    inconnu = CompteFactory.build(username="personne")
    for _ in range(essais.ESSAIS_MAX):
        assertContains(saisir_mot_de_passe(client, inconnu, "x"), REFUS, status_code=422)
    assertContains(saisir_mot_de_passe(client, inconnu, "x"), ATTENDRE, status_code=422)


def test_la_penitence_ne_vaut_que_pour_ce_compte_depuis_cette_adresse(client, compte, dix_echecs):
    """Une maison de retraite est une seule adresse : les autres doivent pouvoir entrer."""
    assert saisir_mot_de_passe(client, AffectationFactory().compte).status_code == 302
    client.defaults["REMOTE_ADDR"] = "10.0.0.9"
    assert saisir_mot_de_passe(client, compte).status_code == 302


def test_la_casse_de_l_identifiant_ne_multiplie_pas_les_essais(client, compte, dix_echecs):
    compte.username = compte.username.upper()
    assertContains(saisir_mot_de_passe(client, compte), ATTENDRE, status_code=422)


def test_deviner_le_code_se_bloque_aussi(client, compte):
    telephone = appareil(compte)
    etape = saisir_mot_de_passe(client, compte)
    for _ in range(essais.ESSAIS_MAX):
        poster(client, etape.url, code="000000")
    reponse = poster(client, etape.url, code=code_de(telephone))
    assertContains(reponse, ATTENDRE, status_code=422)


# ------------------------------------------------------------------ après


@pytest.mark.parametrize(
    ("suite", "arrivee"),
    [
        ("/residents/", "/residents/"),
        ("https://exemple.org/", "/"),
        ("//exemple.org/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_on_revient_a_la_page_demandee_si_elle_est_de_la_maison(client, compte, suite, arrivee):
    reponse = se_connecter(client, compte, suite=f"?suite={suite}")
    assertRedirects(reponse, arrivee, fetch_redirect_response=False)


def test_une_page_demandee_sans_session_se_retrouve_apres(client, compte):
    reponse = client.get("/residents/?filtre=alerte")
    se_connecter(client, compte, suite=reponse.url.removeprefix("/connexion/"))
    assert client.get("/residents/").status_code == 200


def test_se_deconnecter_ferme_et_se_note(client, compte):
    se_connecter(client, compte)
    client.post("/deconnexion/")
    assert not connecte(client)
    assert actions()[-1] == "deconnexion"


def test_un_lien_ne_deconnecte_personne(client, compte):
    se_connecter(client, compte)
    assert client.get("/deconnexion/").status_code == 405
    assert connecte(client)


def test_un_compte_ferme_en_cours_de_session_ne_voit_plus_rien(client, compte):
    se_connecter(client, compte)
    compte.is_active = False
    compte.save()
    assert client.get("/residents/").url.startswith("/connexion/")


# ------------------------------------------------------------------ depuis mon dernier poste


def trace(compte, il_y_a):
    """Une activité de ce compte il y a… : le journal ne se modifie pas, on voyage."""
    with plus_tard(seconds=-il_y_a.total_seconds()):
        EntreeJournal.objects.create(acteur=compte, action="voir")


def test_le_premier_jour_la_releve_remonte_a_24_heures(compte):
    attendu = timezone.now() - timedelta(hours=24)
    assert abs(services.prendre_poste(compte).releve_depuis - attendu) < timedelta(seconds=5)


def test_la_releve_repart_de_la_fin_du_poste_precedent(compte):
    services.prendre_poste(compte)
    trace(compte, timedelta(hours=15))
    poste = services.prendre_poste(compte)
    assert abs(poste.le - poste.releve_depuis - timedelta(hours=15)) < timedelta(seconds=5)


def test_une_pause_dejeuner_ne_change_pas_de_poste(compte):
    trace(compte, timedelta(hours=20))
    matin = services.prendre_poste(compte)
    trace(compte, timedelta(hours=1))
    apres_midi = services.prendre_poste(compte)
    assert apres_midi.releve_depuis == matin.releve_depuis


def test_un_retour_de_conges_remonte_a_la_derniere_presence(compte):
    services.prendre_poste(compte)
    trace(compte, timedelta(days=21))
    assert (timezone.now() - services.prendre_poste(compte).releve_depuis).days == 21


def test_se_connecter_prend_le_poste(client, compte):
    se_connecter(client, compte)
    poste = PriseDePoste.objects.get(compte=compte)
    [affectation] = Habilitation(compte).affectations
    assert affectation.releve_depuis == poste.releve_depuis
