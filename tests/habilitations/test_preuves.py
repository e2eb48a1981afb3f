"""Se prouver encore : le mot de passe, ou la clé d’accès de ce compte."""

import json

import pytest
from django import forms
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal, SaisieEnAttente
from habilitations.bris.formulaires import BriserForm
from habilitations.connexion.formulaires import DeverrouillageForm, IdentifiantForm
from habilitations.connexion.saisies import SECRETS
from habilitations.equipe.formulaires import ActivationForm
from habilitations.models import BrisDeGlace, CleAcces
from habilitations.moyens.formulaires import CleForm, PreuveForm
from tests.habilitations.authentificateur import PRESENT, Authentificateur
from tests.habilitations.connexion import plus_tard, poster
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, connecter, jeton_de
from tests.socle.factories import MOT_DE_PASSE, DossierFactory

pytestmark = pytest.mark.django_db
MOI, CONFIRMER = "/moi/connexion/", "/moi/connexion/confirmer/"
BRIS = {"code_motif": "urgence", "motif": "Malaise dans la salle à manger, appelée par la cadre."}
NOUVEAU = "girafe tabouret violon marée"


def navigateur():
    return ClientVerifie(SERVER_NAME="localhost")


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def compte(dossier):
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(role="IDE", etablissement=etablissement, portee="equipe").compte


def donner_une_cle(compte) -> Authentificateur:
    client, cle = connecter(compte, navigateur()), Authentificateur()
    poster(client, CONFIRMER, mot_de_passe=MOT_DE_PASSE)
    page = client.get(f"{MOI}cles/ajouter/")
    options = client.post(f"{MOI}cles/options/", jeton_de(page)).json()
    champs = {"nom": "Badge", "reponse": cle.creer(options)}
    assertRedirects(client.post(f"{MOI}cles/ajouter/", jeton_de(page) | champs), MOI)
    return cle


@pytest.fixture
def cle(compte):
    return donner_une_cle(compte)


@pytest.fixture
def sans_mot_de_passe(compte, cle):
    """Carte e-CPS ou clé : jamais de mot de passe."""
    compte.set_unusable_password()
    compte.save()
    return connecter(compte, navigateur())


def defi(client) -> dict:
    return client.post(f"{MOI}preuve/options/", jeton_de(client.get(MOI))).json()


def ouvrir(dossier) -> str:
    return reverse("bris_de_glace:ouvrir", args=[dossier.pk])


def briser(client, dossier, **preuve):
    return client.post(ouvrir(dossier), BRIS | preuve)


# ------------------------------------------------------------------ briser la glace


def test_sans_mot_de_passe_la_cle_brise_la_glace(sans_mot_de_passe, dossier, cle):
    page = sans_mot_de_passe.get(ouvrir(dossier))
    assertContains(page, "Ouvrir le dossier avec ma clé d’accès")
    assertNotContains(page, "Votre mot de passe")
    reponse = briser(sans_mot_de_passe, dossier, reponse=cle.signer(defi(sans_mot_de_passe)))
    assertRedirects(reponse, reverse("dossier", args=[dossier.pk]))
    assert BrisDeGlace.objects.get().compte == sans_mot_de_passe.compte
    assert CleAcces.objects.get().utilisee_le


def test_avec_les_deux_on_choisit(compte, dossier, cle):
    client = connecter(compte, navigateur())
    page = client.get(ouvrir(dossier))
    assertContains(page, "Votre mot de passe")
    assertContains(page, "Avec ma clé d’accès")
    assert briser(client, dossier, mot_de_passe=MOT_DE_PASSE).status_code == 302
    assert BrisDeGlace.objects.exists()


def test_sans_cle_la_page_ne_propose_que_le_mot_de_passe(compte, dossier):
    page = connecter(compte, navigateur()).get(ouvrir(dossier))
    assertContains(page, "Votre mot de passe")
    assertNotContains(page, "clé d’accès")


def test_avec_ni_l_un_ni_l_autre_la_page_dit_quoi_faire_et_n_ouvre_rien(compte, dossier):
    compte.set_unusable_password()
    compte.save()
    client = connecter(compte, navigateur())
    page = client.get(ouvrir(dossier))
    assertContains(page, "ni mot de passe ni clé d’accès")
    assertContains(page, "appelez tout de suite un collègue")
    assertNotContains(page, ">Ouvrir le dossier<")
    for preuve in ({}, {"mot_de_passe": MOT_DE_PASSE}, {"reponse": "{}"}):
        assert briser(client, dossier, **preuve).status_code == 422
    assert not BrisDeGlace.objects.exists()


def test_sans_preuve_le_texte_ecrit_reste_et_rien_ne_s_ouvre(compte, dossier):
    reponse = briser(connecter(compte, navigateur()), dossier)
    assertContains(reponse, "Donnez votre mot de passe", status_code=422)
    assertContains(reponse, "appelée par la cadre", status_code=422)
    assert not BrisDeGlace.objects.exists()


def refuse(client, dossier, reponse):
    page = briser(client, dossier, reponse=reponse)
    assertContains(page, "n’a pas pu être vérifiée", status_code=422)
    assert not BrisDeGlace.objects.exists()
    trace = EntreeJournal.objects.filter(action="connexion_refusee").latest("pk")
    assert (trace.acteur, trace.contexte["methode"]) == (client.compte, "cle")


def test_une_reponse_ne_sert_qu_une_fois(sans_mot_de_passe, dossier, cle):
    reponse = cle.signer(defi(sans_mot_de_passe))
    assert sans_mot_de_passe.post(CONFIRMER, {"reponse": reponse}).status_code == 302
    refuse(sans_mot_de_passe, dossier, reponse)
    defi(sans_mot_de_passe)  # another challenge does not revive it
    refuse(sans_mot_de_passe, dossier, reponse)


def test_un_defi_perime_est_refuse(sans_mot_de_passe, dossier, cle):
    reponse = cle.signer(defi(sans_mot_de_passe))
    with plus_tard(minutes=4):
        refuse(sans_mot_de_passe, dossier, reponse)


def test_le_defi_de_la_connexion_ne_prouve_rien_ici_ni_l_inverse(sans_mot_de_passe, dossier, cle):
    client = sans_mot_de_passe
    connexion = client.post("/connexion/cle/options/", jeton_de(client.get(MOI))).json()
    refuse(client, dossier, cle.signer(connexion))
    preuve = cle.signer(defi(client))
    for usage in ("", "second"):
        assert (
            "/connexion/" in client.post("/connexion/cle/", {"reponse": preuve, "usage": usage}).url
        )


def test_la_cle_d_un_collegue_ne_prouve_pas_qui_je_suis(sans_mot_de_passe, dossier):
    autre = donner_une_cle(AffectationFactory().compte)
    refuse(sans_mot_de_passe, dossier, autre.signer(defi(sans_mot_de_passe)))


def test_une_cle_qui_ne_verifie_pas_son_porteur_ne_suffit_pas(sans_mot_de_passe, dossier, cle):
    cle.drapeaux = PRESENT
    refuse(sans_mot_de_passe, dossier, cle.signer(defi(sans_mot_de_passe)))


@pytest.mark.parametrize("reponse", ["{}", "[]", "null", "pas du json", "x" * 30_000])
def test_une_reponse_illisible_n_est_jamais_une_panne(sans_mot_de_passe, dossier, reponse):
    defi(sans_mot_de_passe)
    refuse(sans_mot_de_passe, dossier, reponse)


def test_une_reponse_tronquee_n_est_jamais_une_panne(sans_mot_de_passe, dossier, cle):
    reponse = json.loads(cle.signer(defi(sans_mot_de_passe)))
    reponse["response"]["signature"] = reponse["response"]["signature"][:8]
    refuse(sans_mot_de_passe, dossier, json.dumps(reponse))


def test_le_defi_se_demande_depuis_une_session_ouverte(client, sans_mot_de_passe):
    assert client.post(f"{MOI}preuve/options/").status_code == 302
    assert sans_mot_de_passe.get(f"{MOI}preuve/options/").status_code == 405
    sans_mot_de_passe.post("/verrou/?suite=/")
    assert sans_mot_de_passe.post(f"{MOI}preuve/options/").url.startswith("/verrou/")


# ------------------------------------------------------------------ partout où l’on redemande


def test_la_cle_ouvre_ce_qui_demande_une_preuve_recente(sans_mot_de_passe, cle):
    client = sans_mot_de_passe
    assertContains(client.get(CONFIRMER), "Continuer avec ma clé d’accès")
    assert client.get(f"{MOI}codes-de-secours/").url.startswith(CONFIRMER)
    suite = {"suite": f"{MOI}codes-de-secours/", "reponse": cle.signer(defi(client))}
    assertRedirects(client.post(CONFIRMER, suite), f"{MOI}codes-de-secours/")


def test_avec_sa_cle_on_choisit_un_premier_mot_de_passe(sans_mot_de_passe, cle):
    client = sans_mot_de_passe
    champs = {"nouveau": NOUVEAU, "encore": NOUVEAU}
    assert client.post(f"{MOI}mot-de-passe/", champs).status_code == 422
    preuve = {"reponse": cle.signer(defi(client))}
    assertRedirects(client.post(f"{MOI}mot-de-passe/", champs | preuve), MOI)
    client.compte.refresh_from_db()
    assert client.compte.check_password(NOUVEAU)


def test_une_preuve_tapee_sur_un_poste_verrouille_n_est_pas_gardee(compte, dossier):
    client = connecter(compte, navigateur())
    champs = jeton_de(client.get(ouvrir(dossier))) | BRIS
    client.post("/verrou/?suite=/")
    client.post(ouvrir(dossier), champs | {"mot_de_passe": MOT_DE_PASSE, "reponse": "{}"})
    gardee = SaisieEnAttente.objects.get()
    assert gardee.champs == {nom: [valeur] for nom, valeur in BRIS.items()}


def test_seuls_les_formulaires_de_preuve_portent_les_noms_que_l_on_ne_garde_pas():
    """Un texte saisi sous l’un de ces noms serait perdu au verrouillage."""

    def toutes(classe):
        for fille in classe.__subclasses__():
            yield fille
            yield from toutes(fille)

    nommees = {f for f in toutes(forms.BaseForm) if SECRETS & set(getattr(f, "base_fields", ()))}
    preuves = {f for f in nommees if issubclass(f, PreuveForm)}
    assert BriserForm in preuves
    assert nommees - preuves <= {CleForm, IdentifiantForm, DeverrouillageForm, ActivationForm}
