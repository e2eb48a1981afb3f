"""Un geste qui demande une preuve est fait dès qu’elle est donnée, et la page le dit."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from habilitations.models import CleAcces, SessionOuverte
from tests.habilitations.connexion import poster, se_connecter
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, jeton_de
from tests.socle.factories import MOT_DE_PASSE

pytestmark = pytest.mark.django_db
MOI = "/moi/connexion/"


@pytest.fixture
def compte():
    return AffectationFactory(role="AS").compte


@pytest.fixture
def ici(compte):
    client = ClientVerifie()
    se_connecter(client, compte)
    return client


@pytest.fixture
def cle(compte):
    return CleAcces.objects.create(
        compte=compte, nom="Badge", identifiant=b"x" * 16, donnees=b"y" * 50, compteur=0
    )


def confirmer(client, reponse, mot_de_passe=MOT_DE_PASSE):
    """The page of proof, answered as it is shown."""
    page = client.get(reponse.url)
    champs = jeton_de(page) | {"suite": page.context["suite"], "mot_de_passe": mot_de_passe}
    return client.post(reponse.url, champs)


def test_retirer_une_cle_se_fait_une_fois_la_preuve_donnee(ici, cle):
    reponse = ici.post(f"{MOI}cles/{cle.pk}/retirer/", jeton_de(ici.get(MOI)))
    assert CleAcces.objects.exists()
    assert confirmer(ici, reponse, "faux").status_code == 422 and CleAcces.objects.exists()
    assertRedirects(confirmer(ici, reponse), MOI, fetch_redirect_response=False)
    assertContains(ici.get(MOI), "Clé retirée.")
    assert not CleAcces.objects.exists()


def test_fermer_une_session_se_fait_une_fois_la_preuve_donnee(ici, compte):
    ailleurs = ClientVerifie()
    with pytest.MonkeyPatch.context() as patch:  # the code of this half minute has served
        patch.setattr("django_otp.plugins.otp_totp.models.TOTPDevice.verify_token", lambda *_: True)
        se_connecter(ailleurs, compte)
    autre = SessionOuverte.objects.exclude(pk=ici.session["ouverte"]).get()
    reponse = ici.post(f"{MOI}sessions/{autre.pk}/fermer/", jeton_de(ici.get(MOI)))
    confirmer(ici, reponse)
    assertContains(ici.get(MOI), "Session fermée.")
    assert ailleurs.get("/").status_code == 302
    assert ici.get("/residents/").status_code == 200


def test_un_geste_abandonne_ne_se_fait_pas_plus_tard(ici, cle):
    ici.post(f"{MOI}cles/{cle.pk}/retirer/", jeton_de(ici.get(MOI)))  # then « Annuler »
    poster(ici, f"{MOI}confirmer/?suite={MOI}code-personnel/", mot_de_passe=MOT_DE_PASSE)
    assert CleAcces.objects.exists()


def test_un_lien_ne_fait_pas_faire_un_geste(ici, cle):
    adresse = f"{MOI}cles/{cle.pk}/retirer/"
    reponse = poster(ici, f"{MOI}confirmer/?suite={adresse}", mot_de_passe=MOT_DE_PASSE)
    assertRedirects(reponse, MOI, fetch_redirect_response=False)
    assert CleAcces.objects.exists()


def test_la_cle_d_un_autre_ne_se_retire_pas(cle):
    autre = ClientVerifie()
    se_connecter(autre, AffectationFactory(role="AS").compte)
    reponse = autre.post(f"{MOI}cles/{cle.pk}/retirer/", jeton_de(autre.get(MOI)))
    assertRedirects(confirmer(autre, reponse), MOI, fetch_redirect_response=False)
    assertContains(autre.get(MOI), "Rien n’a été fait")
    assert CleAcces.objects.exists()


# ------------------------------------------------------------------ le mot de passe


def test_le_meme_mot_de_passe_n_est_pas_un_changement(ici, compte):
    champs = {"nouveau": MOT_DE_PASSE, "encore": MOT_DE_PASSE}
    page = poster(ici, f"{MOI}mot-de-passe/", **champs, mot_de_passe=MOT_DE_PASSE)
    assertContains(page, "C’est déjà votre mot de passe", status_code=422)


def test_sans_la_preuve_rien_ne_dit_quel_est_le_mot_de_passe(ici):
    champs = {"nouveau": MOT_DE_PASSE, "encore": MOT_DE_PASSE}
    page = poster(ici, f"{MOI}mot-de-passe/", **champs, mot_de_passe="faux")
    assertNotContains(page, "C’est déjà votre mot de passe", status_code=422)
