"""Chaque ligne de psc_negative_tests.csv est un test, nommé par son numéro."""

import base64
import csv
import hashlib
import hmac
import json
import re
import time
from html import unescape
from pathlib import Path

import httpx
import pytest
from pytest_django.asserts import assertContains, assertRedirects

from dui.demonstration.psc.professionnels import activite, userinfo
from dui.socle.models import Compte, EntreeJournal
from habilitations.models import IdentiteProfessionnelle, SessionPSC
from habilitations.psc import sessions
from habilitations.psc.vues import PANNE, PERIMEE, REFUSEE
from tests.habilitations.connexion import plus_tard, se_connecter
from tests.outils import jeton_de
from tests.psc.outils import AUTRE_MAISON, MAISON, RPPS, Poste, messages_de, professionnel

DONNEES = Path(__file__).parents[3] / "shared" / "data" / "psc" / "psc_negative_tests.csv"
pytestmark = pytest.mark.django_db


def refuse(poste, reponse, texte, motif):
    assertRedirects(reponse, "/connexion/?suite=%2F" if motif != "etat" else "/connexion/",
                    fetch_redirect_response=False)  # fmt: skip
    assert not poste.connecte
    trace = EntreeJournal.objects.latest("pk")
    assert (trace.action, trace.contexte["motif"]) == ("connexion_refusee", motif)
    assert texte in messages_de(poste.client)


@pytest.mark.parametrize("etat", ["", "&state=un-autre"])
def test_p01_sans_l_etat_attendu_on_recommence(poste, infirmiere, etat):
    retour = poste.au_fournisseur(poste.partir())
    code = retour.partition("code=")[2]
    reponse = poste.client.get(f"/connexion/psc/retour/?code={code}{etat}")
    refuse(poste, reponse, PERIMEE, "etat")
    poste.entrer()
    assert poste.connecte


def sans_signature(claims):
    return f"{_b64({'alg': 'none', 'typ': 'JWT'})}.{_b64(claims)}."


def par_la_cle_publique(fournisseur):
    """HS256, keyed by what everybody can read."""

    def signer(claims):
        cle = fournisseur.cles[0]
        corps = f"{_b64({'alg': 'HS256', 'kid': cle.kid})}.{_b64(claims)}"
        empreinte = hmac.new(cle.as_pem(private=False), corps.encode(), hashlib.sha256).digest()
        return f"{corps}.{_b64(empreinte)}"

    return signer


def _b64(contenu) -> str:
    brut = contenu if isinstance(contenu, bytes) else json.dumps(contenu).encode()
    return base64.urlsafe_b64encode(brut).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithme", ["none", "HS256"])
def test_p03_un_jeton_sans_signature_asymetrique_est_refuse(
    poste, infirmiere, fournisseur, algorithme
):
    signer = sans_signature if algorithme == "none" else par_la_cle_publique(fournisseur)
    fournisseur.travers.signer = signer
    refuse(poste, poste.entrer(), REFUSEE, "signature")


@pytest.mark.parametrize(
    ("claims", "motif"),
    [
        ({"aud": "un-autre-logiciel"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": ["dui-tests", "un-autre-logiciel"], "azp": "un-autre-logiciel"}, "azp"),
        ({"aud": ["dui-tests", "un-autre-logiciel"], "azp": None}, "azp"),
    ],
)
def test_p05_un_jeton_destine_a_un_autre_est_refuse(poste, infirmiere, fournisseur, claims, motif):
    fournisseur.travers.claims = claims
    refuse(poste, poste.entrer(), REFUSEE, motif)


@pytest.mark.parametrize(("retard", "accepte"), [(30, True), (90, False)])
def test_p07_un_jeton_expire_depuis_plus_de_soixante_secondes_est_refuse(
    poste, infirmiere, fournisseur, retard, accepte
):
    fournisseur.travers.claims = {"exp": int(time.time()) - retard}
    reponse = poste.entrer()
    if accepte:
        assert poste.connecte
    else:
        refuse(poste, reponse, REFUSEE, "exp")


def test_p09_un_identifiant_inconnu_n_ouvre_rien_et_dit_a_qui_s_adresser(poste, fournisseur):
    comptes = Compte.objects.count()
    reponse = poste.entrer()
    assertContains(reponse, "Compte non déclaré", status_code=403)
    assertContains(reponse, RPPS, status_code=403)
    assertContains(reponse, "administrateur", status_code=403)
    assert not poste.connecte
    sortie = re.search(r'href="([^"]+/logout[^"]+)"', reponse.content.decode())[1]
    httpx.get(unescape(sortie), trust_env=False)
    assert not fournisseur.sessions  # rien n’attend le suivant sur ce poste
    assert (Compte.objects.count(), IdentiteProfessionnelle.objects.count()) == (comptes, 0)
    trace = EntreeJournal.objects.latest("pk")
    assert trace.contexte["motif"] == "compte_non_declare"
    assert trace.contexte["identifiant"] == RPPS
    assert poste.client.get("/residents/").url.startswith("/connexion/")


def deux_activites():
    return [
        activite(MAISON.finess, "990000010", MAISON.nom),
        activite(AUTRE_MAISON.finess, "990000010", AUTRE_MAISON.nom),
    ]


def test_p11_une_seule_activite_dans_l_etablissement_est_prise_d_office(
    poste, infirmiere, fournisseur
):
    fournisseur.connaitre([professionnel(activites=deux_activites())])
    assertRedirects(poste.entrer(), "/", fetch_redirect_response=False)
    assert poste.client.session["psc"]["structure"] == MAISON.finess


def test_p11_plusieurs_activites_dans_nos_etablissements_se_choisissent(
    poste, infirmiere, fournisseur
):
    AUTRE_MAISON.employer(fournisseur, compte=infirmiere)
    fournisseur.connaitre([professionnel(activites=deux_activites())])
    reponse = poste.entrer()
    assertRedirects(reponse, "/connexion/psc/choix/")
    assert not poste.connecte
    page = poste.client.get(reponse.url)
    assertContains(page, "Infirmier, EHPAD Les Tilleuls")
    poste.client.post(reponse.url, jeton_de(page) | {"pratique": "1"})
    assert poste.connecte
    assert poste.client.session["psc"]["structure"] == AUTRE_MAISON.finess


def test_p13_deux_professions_se_choisissent_et_la_trace_dit_laquelle(
    poste, infirmiere, fournisseur
):
    ici = [activite(MAISON.finess, "990000010", MAISON.nom)]
    ailleurs = [activite(AUTRE_MAISON.finess, "990000010", AUTRE_MAISON.nom)]
    exercices = [("60", ici), ("93", ailleurs)]
    fournisseur.connaitre([userinfo(RPPS, "Claude", "Leroy", exercices)])
    reponse = poste.entrer()
    page = poste.client.get(reponse.url)
    assertContains(page, "Psychologue, sans structure")
    poste.client.post(reponse.url, jeton_de(page) | {"pratique": "1"})
    assert poste.client.session["psc"] | {"session": ""} == {
        "methode": "psc", "profession": "93", "structure": "", "session": "",
    }  # fmt: skip
    connexion = EntreeJournal.objects.filter(action="connexion").latest("pk")
    assert connexion.contexte["profession"] == "93"
    poste.client.get("/residents/")
    lecture = EntreeJournal.objects.latest("pk")
    assert (lecture.action, lecture.contexte["profession"]) == ("lister", "93")


@pytest.mark.parametrize("panne", ["fermé", "500", "illisible"])
def test_p15_pro_sante_connect_injoignable_laisse_la_connexion_locale(
    poste, infirmiere, fournisseur, settings, panne
):
    if panne == "fermé":
        settings.PSC_DECOUVERTE = "http://127.0.0.1:9/.well-known/wallet-openid-configuration"
        champs = jeton_de(poste.client.get("/connexion/"))
        reponse = poste.client.post("/connexion/psc/", champs)
    else:
        retour = poste.au_fournisseur(poste.partir())
        fournisseur.travers.statut = 500 if panne == "500" else 200
        reponse = poste.client.get(retour)
    assertRedirects(reponse, "/connexion/?suite=%2F", fetch_redirect_response=False)
    assert EntreeJournal.objects.latest("pk").action == "psc_injoignable"
    assert PANNE in messages_de(poste.client)
    se_connecter(poste.client, infirmiere)
    assert poste.connecte
    assert EntreeJournal.objects.latest("pk").action == "connexion"


def test_p17_une_session_terminee_ailleurs_verrouille_celle_du_dui(poste, infirmiere, fournisseur):
    poste.entrer()
    fournisseur.terminer(RPPS)
    with plus_tard(minutes=5):
        sessions.renouveler()
        assert poste.client.get("/residents/").url.startswith("/verrou/")
        page = poste.client.get("/verrou/")
        assertContains(page, "Session Pro Santé Connect terminée")
        verrouillage = EntreeJournal.objects.filter(action="verrouillage").latest("pk")
        assert verrouillage.contexte["motif"] == "session_terminee"
        # The password alone does not answer a refusal of the provider.
        champs = jeton_de(page) | {"mot_de_passe": "quatre mots sans rapport"}
        poste.client.post("/verrou/?suite=/residents/", champs)
        assert not poste.connecte
    retour = poste.au_fournisseur(_repartir(poste))
    assertRedirects(poste.client.get(retour), "/residents/", fetch_redirect_response=False)
    assert poste.connecte
    assert SessionPSC.objects.filter(compte=infirmiere, refusee_le=None).count() == 1


def _repartir(poste: Poste) -> str:
    """From the locked workstation."""
    champs = jeton_de(poste.client.get("/verrou/"))
    reponse = poste.client.post("/connexion/psc/?suite=/residents/", champs)
    return reponse["Refresh"].removeprefix("0; url=")


@pytest.mark.skipif(not DONNEES.is_file(), reason="../shared/data/psc n’est pas présent")
def test_chaque_ligne_des_cas_negatifs_a_son_test():
    with DONNEES.open(encoding="utf-8") as fichier:
        numeros = {ligne["id"].lower() for ligne in csv.DictReader(fichier)}
    tests = {nom.split("_")[1] for nom in globals() if nom.startswith("test_p")}
    assert numeros <= tests
