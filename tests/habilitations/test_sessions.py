"""Mes sessions : où je suis connecté, et fermer ce qui n’est plus à moi."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal
from habilitations.connexion import services
from habilitations.models import CleAcces, Methode, SessionOuverte
from tests.habilitations.connexion import plus_tard, poster, se_connecter
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, formulaire_de
from tests.socle.factories import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def compte():
    return AffectationFactory().compte


@pytest.fixture
def ici(compte):
    client = ClientVerifie()
    se_connecter(client, compte)
    return client


@pytest.fixture
def ailleurs(compte, ici):
    client = ClientVerifie(headers={"user-agent": FIREFOX})
    with plus_tard(minutes=1):
        se_connecter(client, compte)
    return client


def l_autre(client) -> SessionOuverte:
    return SessionOuverte.objects.get(pk=client.session["ouverte"])


def prouver(client):
    poster(client, "/moi/connexion/confirmer/", mot_de_passe=MOT_DE_PASSE)


def fermer(client, session):
    prouver(client)
    return demander_la_fermeture(client, session)


def demander_la_fermeture(client, session):
    adresse = f"/moi/connexion/sessions/{session.pk}/fermer/"
    page = client.get("/moi/connexion/")
    champs = formulaire_de(page, "/moi/connexion/sessions/fermer-les-autres/")[1]
    return client.post(adresse, champs)


def test_je_vois_ou_je_suis_connecte(ici, ailleurs):
    page = ici.get("/moi/connexion/")
    assertContains(page, "Firefox sur Windows")
    assertContains(page, "vous êtes ici", count=1)
    assertContains(page, "Fermer cette session", count=1)


def test_une_session_fermee_ne_repond_plus_qu_en_inconnue(ici, ailleurs):
    assert ailleurs.get("/residents/").status_code == 200
    assertRedirects(fermer(ici, l_autre(ailleurs)), "/moi/connexion/")
    assert ailleurs.get("/residents/").url.startswith("/connexion/")
    assert ici.get("/residents/").status_code == 200
    assert EntreeJournal.objects.filter(action="session_fermee").count() == 1


def test_fermer_une_session_demande_le_mot_de_passe_fermer_la_sienne_non(ici, ailleurs):
    reponse = demander_la_fermeture(ici, l_autre(ailleurs))
    assert reponse.url.startswith("/moi/connexion/confirmer/")
    toutes = "/moi/connexion/sessions/fermer-les-autres/"
    page = ici.get("/moi/connexion/")
    assert ici.post(*formulaire_de(page, toutes)).url.startswith("/moi/connexion/confirmer/")
    assert ailleurs.get("/residents/").status_code == 200
    assertRedirects(demander_la_fermeture(ici, l_autre(ici)), "/connexion/")


def test_sans_mot_de_passe_se_reconnecter_est_la_preuve(compte):
    """Pro Santé Connect ou une clé : la session qui vient de s’ouvrir vaut cinq minutes."""
    compte.set_unusable_password()
    compte.save()
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    services.ouvrir_session(request, compte, Methode.CLE)
    client = ClientVerifie()
    client.cookies["dui_session"] = request.session.session_key
    request.session.save()
    assert client.get("/moi/connexion/codes-de-secours/").status_code == 200
    with plus_tard(minutes=6):
        page = client.get("/moi/connexion/codes-de-secours/", follow=True)
        assertContains(page, "déconnectez-vous puis reconnectez-vous")


def test_un_changement_de_preuve_se_lit_a_la_connexion_suivante(ici, compte):
    prouver(ici)
    poster(ici, "/moi/connexion/code-personnel/", code="481957", encore="481957")
    suivante, autre = ClientVerifie(), ClientVerifie()
    with plus_tard(minutes=1):
        se_connecter(suivante, compte)
        page = suivante.get("/moi/connexion/")
        assertContains(page, "Depuis votre dernière connexion : code personnel choisi")
        se_connecter(autre, AffectationFactory().compte)
        assertNotContains(autre.get("/moi/connexion/"), "Depuis votre dernière connexion")
    with plus_tard(minutes=2):
        se_connecter(suivante, compte)
        assertNotContains(suivante.get("/moi/connexion/"), "Depuis votre dernière connexion")


def test_fermer_toutes_les_autres_garde_la_mienne(ici, ailleurs, compte):
    prouver(ici)
    page = ici.get("/moi/connexion/")
    ici.post(*formulaire_de(page, "/moi/connexion/sessions/fermer-les-autres/"))
    assert ailleurs.get("/").url.startswith("/connexion/")
    assert ici.get("/").status_code == 200
    assert SessionOuverte.objects.filter(compte=compte).count() == 1


def test_la_session_d_un_autre_n_existe_pas(ailleurs):
    autre = ClientVerifie()
    se_connecter(autre, AffectationFactory().compte)
    assert fermer(autre, l_autre(ailleurs)).status_code == 404
    assert ailleurs.get("/").status_code == 200


def test_la_cle_de_session_n_est_pas_gardee_en_clair(ici):
    ouverte = l_autre(ici)
    assert ici.session.session_key not in (ouverte.empreinte, str(ouverte.pk))
    assert Session.objects.filter(pk=ici.session.session_key).exists()


def test_l_activite_se_note_a_la_minute(ici):
    avant = l_autre(ici).derniere_activite
    with plus_tard(minutes=5):
        ici.get("/residents/")
    apres = l_autre(ici).derniere_activite
    assert (apres - avant).total_seconds() >= 240 and apres.second == 0


def test_une_session_deverrouillee_reste_la_meme_et_se_ferme_encore(ici, ailleurs):
    ailleurs.post("/verrou/?suite=/")
    poster(ailleurs, "/verrou/", mot_de_passe=MOT_DE_PASSE)
    fermer(ici, l_autre(ailleurs))
    assert ailleurs.get("/").url.startswith("/connexion/")


def test_se_deconnecter_ote_la_session_de_la_liste(ici, ailleurs):
    ailleurs.post("/deconnexion/")
    assert SessionOuverte.objects.get().pk == l_autre(ici).pk


def test_une_session_perimee_ne_s_affiche_plus(ici, ailleurs, compte):
    with plus_tard(hours=11):
        client = ClientVerifie()
        se_connecter(client, compte)
        assertContains(client.get("/moi/connexion/"), "vous êtes ici", count=1)
        assert SessionOuverte.objects.count() == 1


def test_fermer_sa_propre_session_deconnecte(ici):
    reponse = fermer(ici, l_autre(ici))
    assertRedirects(reponse, "/connexion/")
    assert "_auth_user_id" not in ici.session


def requetes(client, adresse) -> int:
    client.get(adresse)  # code lists are read once per process
    with CaptureQueriesContext(connection) as capture:
        assert client.get(adresse).status_code == 200
    return len([q for q in capture.captured_queries if "SAVEPOINT" not in q["sql"]])


def test_la_page_coute_autant_de_requetes_avec_dix_sessions_et_dix_cles(ici, compte):
    avant = requetes(ici, "/moi/connexion/")
    for rang in range(10):
        SessionOuverte.objects.create(compte=compte, empreinte=str(rang))
        CleAcces.objects.create(compte=compte, nom="Badge", identifiant=bytes([rang]), donnees=b"x")
    assert requetes(ici, "/moi/connexion/") == avant <= 15
