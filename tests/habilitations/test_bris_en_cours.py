"""Le bris de glace se trouve, et se voit sur chaque page de son auteur tant qu’il dure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from habilitations.bris import services
from habilitations.models import Interdiction
from tests.habilitations.test_bris_de_glace import EXPLICATION, briser, compte_de, h, page, saisie
from tests.habilitations.test_debit import etroits, valkey  # noqa: F401  fixtures
from tests.outils import connecter, jeton_de
from tests.socle.factories import CompteFactory, DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db
PAGES = ("/", "/residents/", "/recherche/?q=zim", "/brouillons/", "/moi/journal/")
CHERCHER = reverse("bris_de_glace:chercher")


@pytest.fixture
def dossier():
    return DossierFactory(usager=UsagerFactory(nom_naissance="ZIMMERMANN"))


def banniere(client, adresse) -> str:
    lue = client.get(adresse).content.decode()
    assert lue.count('class="bris"') <= 1
    return lue.partition('class="bris"')[2].partition("</form>")[0]


@pytest.mark.lent
def test_chaque_page_de_la_session_le_dit_a_son_auteur_et_a_lui_seul(dossier):
    compte, collegue = compte_de(dossier), compte_de(dossier)
    bris = briser(compte, dossier)
    client, autre = connecter(compte), connecter(collegue)
    for adresse in (*PAGES, page(dossier)):
        lue = banniere(client, adresse)
        assert "ZIMMERMANN" in lue and "J’ai terminé" in lue, adresse
        assert (
            "bris"
            not in autre.get(adresse).content.decode().partition("<main")[2].partition("<h1")[0]
        ), adresse
    services.fermer(h(compte), bris)
    assert not banniere(client, "/")


def test_une_opposition_le_retire_aussitot_de_chaque_page(dossier):
    compte = compte_de(dossier)
    briser(compte, dossier)
    Interdiction.objects.create(
        compte=compte, dossier=dossier, origine="personne", decidee_par=CompteFactory()
    )
    assert "ZIMMERMANN" not in connecter(compte).get("/").content.decode()


def test_il_coute_une_requete_de_plus_quand_il_dure_et_aucune_sinon(dossier):
    compte = compte_de(dossier)
    client = connecter(compte)
    client.get("/brouillons/")

    def compter():
        with CaptureQueriesContext(connection) as capture:
            client.get("/brouillons/")
        return len(capture)

    sans = compter()
    briser(compte, dossier)
    assert compter() == sans + 1
    assert sans == len_sans_droit(dossier)


def len_sans_droit(dossier) -> int:
    """La même page, pour qui ne peut pas briser la glace."""
    client = connecter(compte_de(dossier, "AS"))
    client.get("/brouillons/")
    with CaptureQueriesContext(connection) as capture:
        client.get("/brouillons/")
    return len(capture)


def test_le_chemin_de_l_urgence_est_sur_chaque_refus_que_le_dossier_existe_ou_non(dossier):
    client = connecter(compte_de(dossier))
    inconnu = reverse("dossier", args=["00000000-0000-4000-8000-000000000000"])
    for adresse in (page(dossier), inconnu):
        reponse = client.get(adresse)
        assert reponse.status_code == 404
        assert f'href="{CHERCHER}">Ouvrir son dossier' in reponse.content.decode()
    assert CHERCHER in client.get("/moi/journal/").content.decode()  # le menu du compte
    sans_droit = connecter(compte_de(dossier, "AS"))
    for adresse in (page(dossier), inconnu, "/moi/journal/"):
        assert CHERCHER not in sans_droit.get(adresse).content.decode()


def test_apres_trop_d_essais_l_attente_est_dite_et_le_texte_garde(dossier, etroits):  # noqa: F811
    client = connecter(compte_de(dossier))
    adresse = reverse("bris_de_glace:ouvrir", args=[dossier.pk])
    auteur = jeton_de(client.get(adresse))
    for _ in range(3):
        client.post(adresse, saisie(mot_de_passe="faux"))
    envoi = saisie(mot_de_passe="faux") | auteur
    reponse = client.post(adresse, envoi, headers={"referer": adresse})
    lue = reponse.content.decode()
    assert reponse.status_code == 429
    assert "Réessayez dans 20 minutes" in lue
    assert f'href="{adresse}"' in lue and "Revenir à la page" in lue
    reprise = lue.partition('href="/reprise/')[2].partition('"')[0]
    gardee = client.get(f"/reprise/{reprise}").content.decode()
    assert EXPLICATION in gardee and "faux" not in gardee
