"""La session de Pro Santé Connect vit derrière la nôtre, et finit avec elle."""

import httpx
import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings as reglages
from pytest_django.asserts import assertRedirects

from dui.socle.models import EntreeJournal, Etablissement
from habilitations.models import FlotPSC, PassageAuPoste, SessionPSC
from habilitations.moyens import postes
from habilitations.psc import sessions
from habilitations.psc.tasks import renouveler
from tests.habilitations.connexion import plus_tard, se_connecter
from tests.habilitations.factories import PosteDeTravailFactory
from tests.psc.outils import MAISON, RPPS, Poste, messages_de, parametre

pytestmark = pytest.mark.django_db


def ligne() -> SessionPSC:
    return SessionPSC.objects.get()


def test_les_jetons_ne_sont_ni_dans_un_cookie_ni_en_clair_dans_la_base(
    poste, infirmiere, fournisseur, caplog
):
    poste.entrer()
    jetons = ligne().lire_jetons()
    secrets = [*fournisseur.acces, *fournisseur.renouvellements, jetons["identite"]]
    assert jetons["renouvellement"] in secrets
    session = str(dict(poste.client.session))
    en_base = bytes(ligne().jetons) + bytes(ligne().cle_enveloppee)
    cookies = poste.client.cookies.output()
    journal = str(list(EntreeJournal.objects.values_list("contexte", "cible")))
    for secret in secrets:
        assert secret.encode() not in en_base
        assert secret not in session + cookies + journal + caplog.text
    flot = FlotPSC.objects.get()
    assert (flot.nonce, flot.verificateur) == ("", "")


def test_les_jetons_d_une_ligne_ne_se_lisent_pas_depuis_une_autre(poste, infirmiere, fournisseur):
    poste.entrer()
    premiere = ligne()
    Poste(fournisseur).entrer()
    seconde = SessionPSC.objects.exclude(pk=premiere.pk).get()
    premiere.jetons, premiere.cle_enveloppee = seconde.jetons, seconde.cle_enveloppee
    with pytest.raises(InvalidTag):
        premiere.lire_jetons()


def test_une_session_employee_se_confirme_de_temps_en_temps(poste, infirmiere, fournisseur):
    poste.entrer()
    avant = ligne().lire_jetons()["renouvellement"]
    renouveler()
    assert ligne().lire_jetons()["renouvellement"] == avant  # trop tôt
    with plus_tard(minutes=5):
        renouveler()
        apres = ligne().lire_jetons()["renouvellement"]
        assert apres != avant and apres in fournisseur.renouvellements
        renouveler()  # tout juste confirmée
        assert ligne().lire_jetons()["renouvellement"] == apres
        assert poste.client.get("/residents/").status_code == 200


def test_une_session_laissee_la_n_est_plus_entretenue(poste, infirmiere):
    poste.entrer()
    avant = ligne().lire_jetons()
    with plus_tard(minutes=16):
        renouveler()
        assert ligne().lire_jetons() == avant
        assert poste.client.get("/residents/").url.startswith("/verrou/")


def test_le_fournisseur_en_panne_ne_verrouille_pas_les_soins(poste, infirmiere, fournisseur):
    poste.entrer()
    fournisseur.travers.statut = 503
    with plus_tard(minutes=5):
        renouveler()
        assert poste.client.get("/residents/").status_code == 200
    fournisseur.travers.statut = 0
    with plus_tard(minutes=10):
        renouveler()
        assert ligne().lire_jetons()["renouvellement"] in fournisseur.renouvellements
        assert poste.client.get("/residents/").status_code == 200


@pytest.fixture
def poste_partage(poste, monkeypatch):
    """Le navigateur de `poste` est un poste enrôlé de la maison."""
    etablissement = Etablissement.objects.get(finess=MAISON.finess)
    enrole = PosteDeTravailFactory(etablissement=etablissement)
    monkeypatch.setattr(postes, "_reconnaitre", lambda _: enrole)
    return poste


def test_six_chiffres_ne_repondent_pas_a_un_refus_du_fournisseur(
    infirmiere, poste_partage, fournisseur
):
    postes.choisir_le_code(infirmiere, "480253")
    poste_partage.entrer()
    relais = f"/connexion/relais/{PassageAuPoste.objects.get(compte=infirmiere).pk}/"
    assert poste_partage.client.get(relais).status_code == 200
    fournisseur.terminer(RPPS)
    with plus_tard(minutes=5):
        renouveler()
        assert poste_partage.client.get("/residents/").url.startswith("/verrou/")
        reponse = poste_partage.client.post(relais, {"code": "480253"})
        assert (reponse.status_code, reponse.url) == (302, "/connexion/")
        assert not poste_partage.connecte


def test_un_renouvellement_au_nom_d_un_autre_verrouille(poste, infirmiere, fournisseur):
    poste.entrer()
    fournisseur.travers.claims = {"sub": "f:autre:1"}
    with plus_tard(minutes=5):
        renouveler()
        assert poste.client.get("/residents/").url.startswith("/verrou/")


def test_deux_travailleurs_ne_renouvellent_pas_la_meme_ligne(
    poste, infirmiere, fournisseur, monkeypatch
):
    poste.entrer()
    vues = []

    def pendant_l_appel(prise):
        vues.append(prise.pk)
        if len(vues) == 1:
            sessions.renouveler()

    monkeypatch.setattr(sessions, "_renouveler", pendant_l_appel)
    with plus_tard(minutes=5):
        sessions.renouveler()
    assert len(vues) == 1


def test_une_session_de_plus_d_un_jour_disparait(poste, infirmiere):
    poste.entrer()
    with plus_tard(days=2):
        renouveler()
        assert not SessionPSC.objects.exists()


def test_se_deconnecter_ferme_aussi_pro_sante_connect(poste, infirmiere, fournisseur):
    poste.entrer()
    assert fournisseur.sessions
    reponse = poste.client.post("/deconnexion/")
    assertRedirects(reponse, "/connexion/psc/sortie/", fetch_redirect_response=False)
    assert not poste.connecte  # la nôtre d’abord
    page = poste.client.get(reponse.url)
    adresse = page["Refresh"].removeprefix("0; url=")
    assert parametre(adresse, "post_logout_redirect_uri") == (
        "http://testserver/connexion/psc/sortie/"
    )
    retour = httpx.get(adresse, trust_env=False)
    assert retour.status_code == 302 and not fournisseur.sessions
    arrivee = poste.client.get(retour.headers["Location"].removeprefix("http://testserver"))
    assertRedirects(arrivee, "/connexion/", fetch_redirect_response=False)
    assert "est fermée aussi" in messages_de(poste.client)
    assert not SessionPSC.objects.exists()


def test_une_session_fermee_ici_n_est_plus_entretenue_ni_notee_comme_verrouillee(
    poste, infirmiere, fournisseur
):
    poste.entrer()
    poste.client.post("/deconnexion/")  # et le navigateur se ferme avant la page suivante
    avant = set(fournisseur.renouvellements)
    with plus_tard(minutes=5):
        renouveler()
    assert set(fournisseur.renouvellements) == avant
    assert not EntreeJournal.objects.filter(action="verrouillage").exists()


def test_reprendre_son_poste_ne_laisse_pas_d_anciens_jetons(poste, infirmiere):
    poste.entrer()
    poste.entrer()
    assert str(ligne().pk) == poste.client.session["psc"]["session"]


def test_la_sortie_n_affirme_rien_sans_son_etat(poste, infirmiere):
    poste.entrer()
    poste.client.get(poste.client.post("/deconnexion/").url)
    poste.client.get("/connexion/psc/sortie/?state=invente")
    assert "est fermée aussi" not in messages_de(poste.client)


def test_sortir_pendant_une_panne_ferme_quand_meme_la_notre(poste, infirmiere, settings):
    poste.entrer()
    settings.PSC_DECOUVERTE = "http://127.0.0.1:9/.well-known/wallet-openid-configuration"
    reponse = poste.client.get(poste.client.post("/deconnexion/").url)
    assertRedirects(reponse, "/connexion/", fetch_redirect_response=False)
    assert "fermez le navigateur" in messages_de(poste.client)
    assert not poste.connecte


def test_une_session_locale_ne_passe_pas_par_pro_sante_connect(poste, infirmiere):
    se_connecter(poste.client, infirmiere)
    assert "psc" not in poste.client.session
    assert poste.client.post("/deconnexion/").url == reglages.LOGIN_URL
    assert not SessionPSC.objects.exists()


def test_une_connexion_locale_complete_remplace_une_session_refusee(poste, infirmiere, fournisseur):
    poste.entrer()
    fournisseur.terminer(RPPS)
    with plus_tard(minutes=5):
        renouveler()
        assert poste.client.get("/residents/").url.startswith("/verrou/")
        se_connecter(poste.client, infirmiere)
        assert poste.connecte
        assert poste.client.get("/residents/").status_code == 200
