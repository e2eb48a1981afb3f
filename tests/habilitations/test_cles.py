"""Les clés d’accès : un défi qui sert une fois, la bonne origine, le bon compte."""

import json

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from dui.socle.models import EntreeJournal
from habilitations.models import CleAcces, SessionOuverte
from tests.habilitations.authentificateur import PRESENT, Authentificateur
from tests.habilitations.connexion import appareil, plus_tard, poster, saisir_mot_de_passe
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, connecter, formulaire_de, jeton_de
from tests.socle.factories import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
AJOUT, CONNEXION = "/moi/connexion/cles/", "/connexion/cle/"


def navigateur():
    return ClientVerifie(SERVER_NAME="localhost")


@pytest.fixture
def compte():
    compte = AffectationFactory().compte
    appareil(compte)
    return compte


@pytest.fixture
def soi(compte):
    client = connecter(compte, navigateur())
    poster(client, "/moi/connexion/confirmer/", mot_de_passe=MOT_DE_PASSE)
    return client


def ajouter(client, cle, nom="Badge"):
    page = client.get(f"{AJOUT}ajouter/")
    options = client.post(f"{AJOUT}options/", jeton_de(page)).json()
    return client.post(
        f"{AJOUT}ajouter/", jeton_de(page) | {"nom": nom, "reponse": cle.creer(options)}
    )


@pytest.fixture
def cle(soi):
    cle = Authentificateur()
    assertRedirects(ajouter(soi, cle), "/moi/connexion/")
    return cle


def demander(client, usage=""):
    client.get("/connexion/")
    return client.post(f"{CONNEXION}options/", {"usage": usage}).json()


def presenter(client, reponse, usage=""):
    return client.post(CONNEXION, {"reponse": reponse, "usage": usage})


def connecte(client) -> bool:
    return "_auth_user_id" in client.session


# ------------------------------------------------------------------ ajouter, retirer


def test_ajouter_une_cle_demande_d_abord_le_mot_de_passe(compte):
    client = connecter(compte, navigateur())
    assert client.get(f"{AJOUT}ajouter/").url.startswith("/moi/connexion/confirmer/")
    reponse = client.post(f"{AJOUT}options/", jeton_de(client.get("/moi/connexion/")))
    assert reponse.status_code == 302


def test_une_cle_ajoutee_se_voit_se_journalise_et_se_retire(soi, cle):
    page = soi.get("/moi/connexion/")
    assertContains(page, "Badge")
    ajoutee = CleAcces.objects.get()
    adresse = f"{AJOUT}{ajoutee.pk}/retirer/"
    soi.post(*formulaire_de(page, adresse))
    assert not CleAcces.objects.exists()
    actions = EntreeJournal.objects.values_list("action", flat=True)
    assert {"cle_ajoutee", "cle_retiree"} <= set(actions)


def test_la_cle_d_un_autre_ne_se_retire_pas(soi, cle):
    autre = connecter(AffectationFactory().compte, navigateur())
    poster(autre, "/moi/connexion/confirmer/", mot_de_passe=MOT_DE_PASSE)
    adresse = f"{AJOUT}{CleAcces.objects.get().pk}/retirer/"
    assert autre.post(adresse, jeton_de(autre.get("/moi/connexion/"))).status_code == 404
    assert CleAcces.objects.exists()


def test_la_meme_cle_ne_s_ajoute_pas_deux_fois(soi, cle):
    assertContains(ajouter(soi, cle), "n’a pas pu être vérifiée", status_code=422)
    assert CleAcces.objects.count() == 1


def test_une_cle_qui_ne_verifie_pas_la_personne_est_refusee(soi):
    assert ajouter(soi, Authentificateur(drapeaux=PRESENT)).status_code == 422
    assert not CleAcces.objects.exists()


def test_une_cle_ajoutee_depuis_un_autre_site_est_refusee(soi):
    assert ajouter(soi, Authentificateur(origine="http://localhost:8001")).status_code == 422
    assert ajouter(soi, Authentificateur(origine="https://exemple.org")).status_code == 422
    assert not CleAcces.objects.exists()


# ------------------------------------------------------------------ se connecter


def test_la_cle_seule_ouvre_la_session(cle, compte):
    client = navigateur()
    assertRedirects(
        presenter(client, cle.signer(demander(client))), "/", fetch_redirect_response=False
    )
    assert client.session["_auth_user_id"] == str(compte.pk)
    assert SessionOuverte.objects.filter(compte=compte, methode="cle").exists()
    assert CleAcces.objects.get().utilisee_le


def test_la_cle_remplace_le_code_apres_le_mot_de_passe(cle, compte):
    client = navigateur()
    etape = saisir_mot_de_passe(client, compte)
    assertContains(client.get(etape.url), "Utiliser ma clé d’accès")
    options = demander(client, "second")
    assert len(options["publicKey"]["allowCredentials"]) == 1
    assert presenter(client, cle.signer(options), "second").url == "/"
    assert connecte(client)


def test_au_verrou_la_cle_rend_sa_page_a_la_meme_personne(soi, cle):
    soi.post("/verrou/?suite=/residents/")
    assertContains(soi.get("/verrou/"), "Utiliser ma clé d’accès")
    options = demander(soi)
    reponse = soi.post(f"{CONNEXION}?suite=/residents/", {"reponse": cle.signer(options)})
    assertRedirects(reponse, "/residents/")


def test_au_verrou_la_cle_d_une_autre_personne_ouvre_sa_propre_session(cle, compte):
    autre = connecter(AffectationFactory().compte, navigateur())
    autre.post("/verrou/?suite=/residents/")
    options = demander(autre)
    reponse = autre.post(f"{CONNEXION}?suite=/residents/", {"reponse": cle.signer(options)})
    assertRedirects(reponse, "/")
    assert autre.session["_auth_user_id"] == str(compte.pk)


def refuse(client, reponse, usage=""):
    suite = presenter(client, reponse, usage)
    assert suite.status_code == 302 and suite.url.startswith("/connexion/")
    assert not connecte(client)
    assert EntreeJournal.objects.filter(action="connexion_refusee").exists()


def test_une_reponse_rejouee_est_refusee(cle):
    client = navigateur()
    reponse = cle.signer(demander(client))
    assert presenter(client, reponse).url == "/"
    client.logout()
    refuse(client, reponse)
    demander(client)  # another challenge does not revive the former answer
    refuse(client, reponse)


def test_le_defi_d_un_autre_navigateur_ne_sert_pas(cle):
    client = navigateur()
    reponse = cle.signer(demander(client))
    voleur = navigateur()
    demander(voleur)
    refuse(voleur, reponse)


def test_un_defi_perime_est_refuse(cle):
    client = navigateur()
    reponse = cle.signer(demander(client))
    with plus_tard(minutes=4):
        refuse(client, reponse)


def test_une_cle_inconnue_est_refusee(cle):
    client = navigateur()
    inconnue = Authentificateur()
    inconnue.poignee = cle.poignee
    refuse(client, inconnue.signer(demander(client)))


def test_une_signature_d_une_autre_cle_est_refusee(cle):
    client = navigateur()
    faux = Authentificateur()
    faux.identifiant, faux.poignee = cle.identifiant, cle.poignee
    refuse(client, faux.signer(demander(client)))


def test_la_cle_d_un_autre_n_est_pas_la_seconde_preuve_de_mon_compte(cle):
    autre = AffectationFactory().compte
    appareil(autre)
    client = navigateur()
    saisir_mot_de_passe(client, autre)
    refuse(client, cle.signer(demander(client, "second")), "second")


def test_un_defi_demande_pour_un_usage_ne_sert_pas_a_un_autre(cle, compte):
    client = navigateur()
    saisir_mot_de_passe(client, compte)
    refuse(client, cle.signer(demander(client, "second")), "")


def test_une_autre_origine_est_refusee(cle):
    client = navigateur()
    cle.origine = "https://localhost.exemple.org"
    refuse(client, cle.signer(demander(client)))


def test_sans_verification_de_la_personne_la_cle_n_est_qu_un_facteur(cle):
    client = navigateur()
    cle.drapeaux = PRESENT
    refuse(client, cle.signer(demander(client)))


def test_un_compteur_qui_recule_trahit_une_copie(cle):
    client = navigateur()
    assert presenter(client, cle.signer(demander(client))).url == "/"
    client.logout()
    cle.compteur = 0
    refuse(client, cle.signer(demander(client)))


def test_une_cle_qui_nomme_un_autre_compte_est_refusee(cle):
    client = navigateur()
    cle.poignee = b"une autre personne"
    refuse(client, cle.signer(demander(client)))


def test_la_cle_d_un_compte_ferme_n_ouvre_rien(cle, compte):
    compte.is_active = False
    compte.save()
    client = navigateur()
    refuse(client, cle.signer(demander(client)))


@pytest.mark.parametrize(
    "reponse", ["", "{}", "[]", "1", "null", "pas du json", '{"id": 1}', "x" * 30_000]
)
def test_une_reponse_illisible_n_est_jamais_une_panne(cle, reponse):
    client = navigateur()
    demander(client)
    refuse(client, reponse)


@pytest.mark.parametrize("champ", ["clientDataJSON", "authenticatorData", "signature"])
def test_une_reponse_tronquee_n_est_jamais_une_panne(cle, champ):
    client = navigateur()
    reponse = json.loads(cle.signer(demander(client)))
    reponse["response"][champ] = reponse["response"][champ][:8]
    refuse(client, json.dumps(reponse))
