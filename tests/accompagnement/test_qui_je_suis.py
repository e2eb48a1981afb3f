import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Habitude
from tests.accompagnement.factories import HabitudeFactory
from tests.outils import jeton_de
from tests.socle.factories import DossierFactory


def adresse(dossier):
    return reverse("accompagnement:qui_je_suis", args=[dossier.pk])


def champs_lus(page) -> dict:
    return {bf.html_name: bf.value() or "" for bf in page.context["formulaire"]}


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def a_deux(dossier, en_tant_que):
    """La page telle que les deux l'ont ouverte : chacun envoie ce qu'il a changé."""
    HabitudeFactory(dossier=dossier)
    client = en_tant_que(dossier, role="AS")
    page = client.get(adresse(dossier))
    lus = champs_lus(page) | jeton_de(page)
    return lambda **changes: client.post(adresse(dossier), lus | changes)


def test_ecrire_qui_je_suis_garde_l_historique(en_tant_que):
    dossier = DossierFactory()
    HabitudeFactory(dossier=dossier)
    client = en_tant_que(dossier, role="AS")
    page = client.get(adresse(dossier))
    saisie = champs_lus(page) | {"histoire": "Institutrice à Angers.", "repas": "Sans poisson."}
    assert client.post(adresse(dossier), saisie | jeton_de(page)).status_code == 302
    ligne = Habitude.objects.get(rubrique="histoire")
    assert (ligne.texte, ligne.version, ligne.history.count()) == ("Institutrice à Angers.", 2, 2)


def test_deux_personnes_sur_la_meme_ligne_se_voient(a_deux):
    a_deux(histoire="Version de Paul.")
    reponse = a_deux(histoire="Version de Zoé.")
    assertContains(reponse, "Version de Paul.", status_code=409)
    assertContains(reponse, "Version de Zoé.", status_code=409)


def test_deux_personnes_sur_deux_lignes_ne_se_genent_pas(a_deux):
    a_deux(histoire="Version de Paul.")
    reponse = a_deux(repas="Sans poisson.")
    assert reponse.status_code == 302
    ecrites = dict(Habitude.objects.order_by("pk").values_list("rubrique", "texte"))
    assert ecrites == {"histoire": "Version de Paul.", "repas": "Sans poisson."}


def test_un_conflit_n_enregistre_aucune_ligne_et_le_second_envoi_les_ecrit_toutes(en_tant_que):
    dossier = DossierFactory()
    HabitudeFactory(dossier=dossier, rubrique="repas")
    client = en_tant_que(dossier, role="AS")
    page = client.get(adresse(dossier))
    saisie, jetons = champs_lus(page), jeton_de(page)
    client.post(adresse(dossier), saisie | {"repas": "Version de Paul."} | jetons)
    mienne = {"histoire": "Version de Zoé.", "repas": "Version de Zoé."}
    conflit = client.post(adresse(dossier), saisie | mienne | jetons)
    assert conflit.status_code == 409
    assert not Habitude.objects.filter(texte="Version de Zoé.").exists()
    reponse = client.post(adresse(dossier), champs_lus(conflit) | jeton_de(conflit))
    assert reponse.status_code == 302
    assert Habitude.objects.filter(texte="Version de Zoé.").count() == 2


def test_une_ligne_videe_quitte_la_synthese_et_garde_son_historique(en_tant_que):
    dossier = DossierFactory()
    HabitudeFactory(dossier=dossier, texte="Institutrice à Saumur.")
    client = en_tant_que(dossier, role="AS")
    page = client.get(adresse(dossier))
    client.post(adresse(dossier), champs_lus(page) | {"histoire": ""} | jeton_de(page))
    synthese = client.get(reverse("dossier", args=[dossier.pk]))
    assertNotContains(synthese, "Institutrice à Saumur.")
    sections = [s for colonne in synthese.context["sections"].values() for s in colonne]
    (section,) = [s for s in sections if s["nom"] == "qui_je_suis"]
    assert section["donnees"]["lignes"] == []
    assert Habitude.objects.get(rubrique="histoire").history.count() == 2


def test_l_infirmiere_du_voisin_ne_la_trouve_pas(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(DossierFactory(), role="AS")
    assert client.get(adresse(dossier)).status_code == 404
