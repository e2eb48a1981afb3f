from django.urls import reverse
from pytest_django.asserts import assertContains

from accompagnement.models import Habitude
from tests.accompagnement.factories import HabitudeFactory
from tests.outils import jeton_de
from tests.socle.factories import DossierFactory


def adresse(dossier):
    return reverse("accompagnement:qui_je_suis", args=[dossier.pk])


def champs_lus(page) -> dict:
    return {bf.html_name: bf.value() or "" for bf in page.context["formulaire"]}


def test_ecrire_qui_je_suis_garde_l_historique(en_tant_que):
    dossier = DossierFactory()
    HabitudeFactory(dossier=dossier)
    client = en_tant_que(dossier, role="AS")
    page = client.get(adresse(dossier))
    saisie = champs_lus(page) | {"histoire": "Institutrice à Angers.", "repas": "Sans poisson."}
    assert client.post(adresse(dossier), saisie | jeton_de(page)).status_code == 302
    ligne = Habitude.objects.get(rubrique="histoire")
    assert (ligne.texte, ligne.version, ligne.history.count()) == ("Institutrice à Angers.", 2, 2)


def test_deux_personnes_sur_la_meme_ligne_se_voient(en_tant_que):
    dossier = DossierFactory()
    HabitudeFactory(dossier=dossier)
    client = en_tant_que(dossier, role="AS")
    page = client.get(adresse(dossier))
    saisie, jetons = champs_lus(page), jeton_de(page)
    client.post(adresse(dossier), saisie | {"histoire": "Version de Paul."} | jetons)
    reponse = client.post(adresse(dossier), saisie | {"histoire": "Version de Zoé."} | jetons)
    assertContains(reponse, "Version de Paul.", status_code=409)
    assertContains(reponse, "Version de Zoé.", status_code=409)


def test_l_infirmiere_du_voisin_ne_la_trouve_pas(en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(DossierFactory(), role="AS")
    assert client.get(adresse(dossier)).status_code == 404
