"""La carte Vitale remplit la recherche, puis la création ; elle ne prouve rien."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from dui.socle.models import Dossier
from tests.identite.recherche import CREER, RECHERCHE, connue, creer
from tests.insi.test_vitale import LECTURE
from tests.outils import formulaire_de
from tests.socle.factories import EtablissementFactory

pytestmark = pytest.mark.django_db
CARTE = reverse("identites:carte")


def lire(client, octets=LECTURE):
    _, lus = formulaire_de(client.get(CARTE))
    lus.pop("fichier", None)
    return client.post(CARTE, lus | {"fichier": SimpleUploadedFile("lecture.xml", octets)})


def test_de_la_carte_a_la_creation_les_traits_sont_deja_la(maison, secretaire):
    page = lire(secretaire)
    assert "180032B020401" not in page.content.decode()  # a search needs no matricule
    action, lus = formulaire_de(page, RECHERCHE)
    action, lus = formulaire_de(secretaire.post(action, lus), CREER)
    page = secretaire.post(action, lus)
    _, remplis = formulaire_de(page)
    assert remplis["nom_naissance"] == ["CORSE"] and remplis["naissance"] == ["02/03/1980"]
    assert remplis["premier_prenom"] == ["ANTHONY"] and not remplis.get("sexe")
    assert creer(secretaire, page, sexe="M", lieu="inconnu").status_code == 302
    usager = Dossier.objects.get().usager
    assert (usager.statut_identite, usager.matricule_ins, usager.nom_utilise) == ("PROV", "", "")


def test_celui_que_nomme_la_carte_est_retrouve(maison, secretaire):
    connue(maison, nom_naissance="CORSE", prenoms="ANTHONY", date_naissance="1980-03-02")
    action, lus = formulaire_de(lire(secretaire), RECHERCHE)
    assert "Est-ce une de ces personnes" in secretaire.post(action, lus).content.decode()


def test_sans_le_siecle_ou_avec_un_jeton_abime_rien_ne_se_cherche(maison, secretaire, en_tant_que):
    page = lire(secretaire)
    assert page.content.decode().count('name="lu"') == 1  # the child has no century
    action, lus = formulaire_de(page, RECHERCHE)
    assert secretaire.post(action, lus | {"lu": lus["lu"][0] + "x"}).status_code == 422
    autre = en_tant_que(role="SECRETAIRE", etablissement=maison)
    assert autre.post(action, {"lu": lus["lu"]}).status_code == 422


@pytest.mark.parametrize("octets", [b"", b"<a>", b"<!DOCTYPE a><a/>", b"<a/>"])
def test_une_lecture_hostile_se_refuse(octets, secretaire):
    refus = lire(secretaire, octets)
    assert refus.status_code == 422 and "carte Vitale ne" in refus.content.decode()


def test_qui_lit_une_carte(maison, secretaire, en_tant_que):
    assert secretaire.get(CARTE).status_code == 200
    assert en_tant_que(role="IDE", etablissement=maison).get(CARTE).status_code == 403
    ailleurs = en_tant_que(role="SECRETAIRE", etablissement=EtablissementFactory())
    assert ailleurs.get(CARTE).status_code == 200  # in its own house
