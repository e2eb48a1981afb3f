"""Verrouiller : la page et le texte attendent la même personne, et elle seule."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import Brouillon, EntreeJournal, SaisieEnAttente
from tests.habilitations.connexion import plus_tard, poster, se_connecter
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, connecter, jeton_de
from tests.socle.factories import MOT_DE_PASSE, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def poste(en_tant_que, dossier):
    return en_tant_que(dossier)


def verrouiller(client, suite="/residents/"):
    return client.post(f"/verrou/?suite={suite}")


def deverrouiller(client, mot_de_passe=MOT_DE_PASSE, suite="?suite=/residents/"):
    return poster(client, f"/verrou/{suite}", mot_de_passe=mot_de_passe)


def test_un_poste_verrouille_ne_montre_plus_rien(poste, dossier):
    verrouiller(poste)
    for chemin in ("/", "/residents/", f"/dossiers/{dossier.pk}/", "/brouillons/"):
        reponse = poste.get(chemin)
        assert reponse.status_code == 302 and reponse.url.startswith("/verrou/")
    page = poste.get("/verrou/")
    assertNotContains(page, dossier.usager.nom_naissance)


def test_la_meme_personne_revient_a_sa_page(poste):
    verrouiller(poste)
    assertRedirects(deverrouiller(poste), "/residents/")
    actions = list(EntreeJournal.objects.order_by("pk").values_list("action", flat=True))
    assert "verrouillage" in actions and "deverrouillage" in actions


def test_un_mot_de_passe_rehache_au_deverrouillage_ne_ferme_pas_la_session(poste, settings):
    hacheurs = ("PBKDF2PasswordHasher", "MD5PasswordHasher")
    settings.PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{nom}" for nom in hacheurs]
    verrouiller(poste)
    assertRedirects(deverrouiller(poste), "/residents/")
    assert poste.get("/residents/").status_code == 200


def test_un_mauvais_mot_de_passe_laisse_le_poste_verrouille(poste):
    verrouiller(poste)
    assertContains(deverrouiller(poste, "autre chose"), "Mot de passe refusé", status_code=422)
    assert poste.get("/").url.startswith("/verrou/")


def test_le_mot_de_passe_d_un_autre_ne_deverrouille_pas(poste):
    autre = AffectationFactory().compte
    autre.set_password("le mot de passe d’une autre personne")
    autre.save()
    verrouiller(poste)
    reponse = deverrouiller(poste, "le mot de passe d’une autre personne")
    assert reponse.status_code == 422


def test_deviner_le_mot_de_passe_au_verrou_se_bloque_aussi(poste):
    verrouiller(poste)
    for _ in range(10):
        deverrouiller(poste, "mauvais")
    assertContains(deverrouiller(poste), "Attendez 15 minutes", status_code=422)


def test_le_poste_se_verrouille_apres_un_quart_d_heure_sans_geste(poste):
    with plus_tard(minutes=14):
        assert poste.get("/residents/").status_code == 200
    with plus_tard(minutes=28):
        assert poste.get("/residents/").status_code == 200  # l’activité a été prolongée
    with plus_tard(minutes=44):
        assert poste.get("/residents/").url.startswith("/verrou/")


def test_reculer_l_horloge_du_navigateur_ne_deverrouille_rien(poste):
    with plus_tard(minutes=20):
        poste.get("/")
    assert poste.get("/").url.startswith("/verrou/")


def test_le_texte_poste_sur_un_poste_verrouille_attend_son_auteur(poste, dossier):
    adresse = f"/dossiers/{dossier.pk}/transmissions/nouvelle/"
    champs = jeton_de(poste.get(adresse)) | {"donnees": "Texte long et précieux."}
    verrouiller(poste)
    reponse = poste.post(adresse, champs)
    saisie = SaisieEnAttente.objects.get()
    assert saisie.compte == poste.compte
    assert saisie.champs["donnees"] == ["Texte long et précieux."]
    suite = deverrouiller(poste, suite=reponse.url.removeprefix("/verrou/"))
    assert suite.url.startswith(f"/reprise/{saisie.pk}/")
    assertContains(poste.get(suite.url), "Texte long et précieux.")


def test_une_autre_personne_ne_recoit_jamais_les_brouillons_de_la_precedente(poste, dossier):
    Brouillon.objects.create(
        compte=poste.compte, formulaire="transmission", dossier=dossier,
        saisies={"donnees": ["au pied du lit"]}, extrait="au pied du lit",
        chemin=f"/dossiers/{dossier.pk}/transmissions/nouvelle/",
    )  # fmt: skip
    assertContains(poste.get("/brouillons/"), "transmissions/nouvelle")
    verrouiller(poste)
    poste.post("/deconnexion/")
    autre = AffectationFactory(etablissement=dossier.sejours.get().etablissement).compte
    se_connecter(poste, autre)
    page = poste.get("/brouillons/")
    assertNotContains(page, "transmissions/nouvelle")
    nouvelle = poste.get(f"/dossiers/{dossier.pk}/transmissions/nouvelle/")
    assertNotContains(nouvelle, "au pied du lit")


def test_le_mot_de_passe_n_est_jamais_garde_comme_une_saisie(poste):
    """Session finie pendant le verrou, ou page périmée : le champ est un secret, pas un texte."""
    verrouiller(poste)
    champs = jeton_de(poste.get("/verrou/")) | {"mot_de_passe": MOT_DE_PASSE}
    poste.session.flush()
    poste.post("/verrou/", champs)
    strict = ClientVerifie(enforce_csrf_checks=True)
    connecter(poste.compte, strict)
    strict.post("/verrou/", champs)
    assert not SaisieEnAttente.objects.exists()


def test_un_compte_du_portail_se_verrouille_aussi(sur_le_portail, dossier):
    client = sur_le_portail(dossier)
    verrouiller(client, "/portail/")
    assert client.get(f"/portail/{dossier.pk}/").url.startswith("/verrou/")
    assertRedirects(
        deverrouiller(client, suite="?suite=/portail/"), "/portail/", fetch_redirect_response=False
    )
