"""Rien de ce qui est tapé ne se perd : session finie, page périmée, poste passé à un autre."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Transmission
from dui.socle.models import SaisieEnAttente
from dui.socle.templatetags.jetons import SEL
from habilitations.models import Affectation
from tests.habilitations.connexion import plus_tard, se_connecter
from tests.habilitations.factories import AffectationFactory
from tests.habilitations.formulaires import FORMULAIRES, SANS_REPRISE
from tests.outils import ClientVerifie, connecter, formulaire_de
from tests.socle.factories import DossierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
ENVOIE = re.compile(r'method="post"|{% redaction ')


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def navigateur():
    """Comme un vrai : le contrôle CSRF est actif."""
    return ClientVerifie(enforce_csrf_checks=True)


def un_collegue(cas, dossier):
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(role=cas.role, etablissement=etablissement).compte


def arriver(navigateur, cas, dossier):
    """Le compte du cas, sa page ouverte, son formulaire rempli : (adresse, champs)."""
    compte = un_collegue(cas, dossier)
    connecter(compte, navigateur)
    page = navigateur.get(cas.page(dossier, compte))
    assert page.status_code == 200
    adresse, champs = formulaire_de(page, cas.action(dossier))
    return adresse, champs | cas.saisie_pour(dossier)


def finir_la_session():
    Session.objects.all().delete()


def rejouer(navigateur, adresse_reprise):
    """La page de reprise, puis son bouton « Enregistrer maintenant »."""
    page = navigateur.get(adresse_reprise)
    assertContains(page, "n’est pas perdue")
    saisie = SaisieEnAttente.objects.get()
    adresse, champs = formulaire_de(page, saisie.chemin.split("?")[0])
    return page, navigateur.post(adresse, champs)


@pytest.mark.parametrize("cas", FORMULAIRES, ids=str)
def test_rien_ne_se_perd_d_un_formulaire(cas, navigateur, dossier):
    """Page périmée, page d’un autre, session finie : gardé chaque fois, enregistré à la reprise."""
    adresse, champs = arriver(navigateur, cas, dossier)
    auteur, autre = navigateur.compte, un_collegue(cas, dossier)
    etat = cas.etat()
    _une_page_perimee_se_garde(navigateur, adresse, champs)
    reponse = connecter(autre).post(adresse, champs)
    assertContains(reponse, "gardé pour son auteur", status_code=409)
    _gardee(champs, compte=auteur)
    assert cas.etat() == etat
    finir_la_session()
    reponse = navigateur.post(adresse, champs, headers={"referer": "http://testserver/residents/"})
    assert reponse.url.startswith("/connexion/") and cas.etat() == etat
    assert SaisieEnAttente.objects.get().compte == auteur
    arrivee = se_connecter(navigateur, auteur, suite=reponse.url.removeprefix("/connexion/"))
    assert arrivee.url.startswith("/reprise/")
    page, enregistre = rejouer(navigateur, arrivee.url)
    assertContains(page, "data-rejouer")
    assert enregistre.status_code == 302, enregistre.content.decode()
    assert cas.etat() != etat
    assert not SaisieEnAttente.objects.exists()


def _une_page_perimee_se_garde(navigateur, adresse, champs):
    reponse = navigateur.post(adresse, champs | {"csrfmiddlewaretoken": ["x" * 64]})
    assert reponse.url.startswith("/reprise/")
    _gardee(champs, compte=navigateur.compte)


def _gardee(champs, *, compte):
    """The same fields, for the same account; then forgotten, for what the test does next."""
    saisie = SaisieEnAttente.objects.get()
    assert saisie.compte == compte
    assert {nom: saisie.champs[nom] for nom in saisie.champs if nom[0] != "_"} == {
        nom: valeurs for nom, valeurs in champs.items() if nom in saisie.champs and nom[0] != "_"
    }
    assert set(champs) - set(saisie.champs) <= {"csrfmiddlewaretoken", "_auteur"}
    saisie.delete()


def test_une_page_perimee_s_enregistre_d_un_clic(navigateur, dossier):
    cas = FORMULAIRES[0]
    adresse, champs = arriver(navigateur, cas, dossier)
    avant = cas.etat()
    reponse = navigateur.post(adresse, champs | {"csrfmiddlewaretoken": ["x" * 64]})
    page, enregistre = rejouer(navigateur, reponse.url)
    assertNotContains(page, "data-rejouer")  # un clic de la personne, jamais tout seul
    assert enregistre.status_code == 302
    assert cas.etat() != avant


def test_un_lien_recu_ne_rejoue_rien_tout_seul(navigateur, dossier):
    """Qui aurait copié la preuve d’auteur d’une page laissée ouverte n’agit pas sous ce nom."""
    adresse, champs = arriver(navigateur, FORMULAIRES[0], dossier)
    finir_la_session()
    lien = navigateur.post(adresse, champs).url.removeprefix("/connexion/")
    victime = ClientVerifie(enforce_csrf_checks=True)
    arrivee = se_connecter(victime, SaisieEnAttente.objects.get().compte, suite=lien)
    page = victime.get(arrivee.url)
    assertContains(page, "Enregistrer maintenant")
    assertNotContains(page, "data-rejouer")


def test_l_enregistrement_automatique_du_brouillon_n_empeche_pas_la_reprise(navigateur, dossier):
    adresse, champs = arriver(navigateur, FORMULAIRES[0], dossier)
    finir_la_session()
    envoi = navigateur.post(adresse, champs).url.removeprefix("/connexion/")
    navigateur.post("/brouillons/enregistrer/?objet=essai", champs)
    arrivee = se_connecter(navigateur, navigateur.compte, suite=envoi)
    assertContains(navigateur.get(arrivee.url), "data-rejouer")


def test_une_page_dessinee_pour_un_autre_s_enregistre_au_retour_de_son_auteur(navigateur, dossier):
    cas = FORMULAIRES[0]
    adresse, champs = arriver(navigateur, cas, dossier)
    auteur, avant = navigateur.compte, cas.etat()
    autre = un_collegue(cas, dossier)
    finir_la_session()
    se_connecter(navigateur, autre)
    navigateur.post(adresse, champs)
    arrivee = se_connecter(navigateur, auteur)
    assert arrivee.url.startswith("/reprise/")
    assert rejouer(navigateur, arrivee.url)[1].status_code == 302
    assert cas.etat() != avant


@pytest.fixture
def saisie(navigateur, dossier):
    adresse, champs = arriver(navigateur, FORMULAIRES[0], dossier)
    finir_la_session()
    navigateur.post(adresse, champs)
    return SaisieEnAttente.objects.get()


def test_un_etranger_ne_lit_ni_ne_jette_la_saisie_d_un_autre(navigateur, saisie):
    connecter(AffectationFactory().compte, navigateur)
    assert navigateur.get(f"/reprise/{saisie.pk}/").status_code == 404
    jeton = formulaire_de(navigateur.get("/residents/"), "/preferences/")[1]
    assert navigateur.post(f"/reprise/{saisie.pk}/oublier/", jeton).status_code == 404
    assert SaisieEnAttente.objects.filter(pk=saisie.pk).exists()


def test_se_connecter_avec_la_saisie_d_un_autre_mene_a_la_page_et_a_rien_d_autre(
    navigateur, saisie
):
    autre = AffectationFactory().compte
    arrivee = se_connecter(navigateur, autre, suite=f"?suite=/residents/&saisie={saisie.pk}")
    assert arrivee.url == "/residents/"


def test_un_identifiant_de_saisie_invente_ne_casse_rien(navigateur):
    compte = AffectationFactory().compte
    assert se_connecter(navigateur, compte, suite="?saisie=x'--").url == "/"


def test_une_reprise_inventee_ne_fait_pas_une_panne_d_une_saisie_enregistree(navigateur, dossier):
    adresse, champs = arriver(navigateur, FORMULAIRES[0], dossier)
    assert navigateur.post(adresse, champs | {"_reprise": ["x'--"]}).status_code == 302
    assert Transmission.objects.exists()


def test_oublier_jette_la_saisie(navigateur, saisie):
    se_connecter(navigateur, saisie.compte)
    page = navigateur.get(f"/reprise/{saisie.pk}/")
    adresse, champs = formulaire_de(page, f"/reprise/{saisie.pk}/oublier/")
    assert navigateur.post(adresse, champs).status_code == 302
    assert not SaisieEnAttente.objects.exists()


def test_une_saisie_refusee_reste_gardee_jusqu_a_ce_qu_elle_passe(navigateur, saisie):
    saisie.champs["donnees"] = [""]
    saisie.save()
    se_connecter(navigateur, saisie.compte)
    assert rejouer(navigateur, f"/reprise/{saisie.pk}/")[1].status_code == 422
    assert SaisieEnAttente.objects.filter(pk=saisie.pk).exists()


def test_une_saisie_rejouee_deux_fois_ne_s_enregistre_qu_une(navigateur, saisie):
    se_connecter(navigateur, saisie.compte)
    page = navigateur.get(f"/reprise/{saisie.pk}/")
    adresse, champs = formulaire_de(page, saisie.chemin)
    navigateur.post(adresse, champs)
    navigateur.post(adresse, champs)
    assert Transmission.objects.count() == 1


def test_la_saisie_d_un_compte_qui_a_perdu_ses_droits_ne_passe_pas(navigateur, saisie):
    Affectation.objects.get(compte=saisie.compte).delete()
    AffectationFactory(compte=saisie.compte)  # ailleurs
    se_connecter(navigateur, saisie.compte)
    assert rejouer(navigateur, f"/reprise/{saisie.pk}/")[1].status_code == 404
    assert not Transmission.objects.exists()


def test_sans_preuve_d_auteur_rien_n_est_garde(navigateur, dossier):
    navigateur.post(
        f"/dossiers/{dossier.pk}/transmissions/nouvelle/", {"donnees": "x", "_auteur": "1:faux"}
    )
    connecter(AffectationFactory().compte, navigateur)
    reponse = navigateur.post("/preferences/", {"theme": "sombre"})
    assert reponse.status_code == 403
    assert not SaisieEnAttente.objects.exists()


def test_une_saisie_demesuree_n_est_pas_gardee(navigateur, dossier):
    adresse, champs = arriver(navigateur, FORMULAIRES[0], dossier)
    finir_la_session()
    navigateur.post(adresse, champs | {"donnees": ["x" * 1_000_001]})
    assert not SaisieEnAttente.objects.exists()


def test_un_compte_ne_remplit_pas_la_base_de_saisies(navigateur, saisie, monkeypatch):
    monkeypatch.setattr("habilitations.connexion.saisies.GARDEES_AU_PLUS", 3)
    adresse, champs = saisie.chemin, saisie.champs
    for rang in range(5):
        auteur = signing.dumps(saisie.compte_id, salt=SEL)
        navigateur.post(adresse, champs | {"_auteur": auteur, "texte": f"Essai {rang}"})
    gardees = SaisieEnAttente.objects.order_by("recue_le")
    assert [g.champs["texte"] for g in gardees] == [["Essai 2"], ["Essai 3"], ["Essai 4"]]


def test_une_saisie_gardee_ne_dure_qu_un_jour(navigateur, saisie, dossier):
    with plus_tard(hours=25):
        assert se_connecter(navigateur, saisie.compte).url == "/"
        adresse, champs = arriver(navigateur, FORMULAIRES[0], dossier)
        finir_la_session()
        navigateur.post(adresse, champs)
        assert not SaisieEnAttente.objects.filter(pk=saisie.pk).exists()


def test_la_page_de_reprise_nomme_la_personne_a_qui_la_connait_encore(navigateur, saisie, dossier):
    se_connecter(navigateur, saisie.compte)
    page = navigateur.get(f"/reprise/{saisie.pk}/")
    assertContains(page, escape(dossier.usager.nom_affiche))
    assertNotContains(page, '<blockquote class="saisie-gardee"><p>Nouvelle transmission')
    Affectation.objects.filter(compte=saisie.compte).delete()
    assertNotContains(navigateur.get(f"/reprise/{saisie.pk}/"), escape(dossier.usager.nom_affiche))


def test_chaque_formulaire_du_produit_est_dans_la_table():
    racine = Path(settings.BASE_DIR) / "templates"
    connus = {cas.gabarit for cas in FORMULAIRES}
    oublies = [
        nom
        for fichier in sorted(racine.rglob("*.html"))
        if ENVOIE.search(fichier.read_text(encoding="utf-8"))
        and (nom := str(fichier.relative_to(racine))) not in connus
        and not nom.startswith(tuple(SANS_REPRISE))
    ]
    assert not oublies, f"ajoutez-les à tests/habilitations/formulaires/ : {oublies}"
