"""Un accès remplacé se dit à la personne, à chaque connexion, jusqu’à ce qu’elle le reconnaisse."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains

from habilitations.models import Activation
from tests.habilitations.connexion import appareil, code_de, plus_tard, poster
from tests.habilitations.equipe.gestes import PHRASE, activer, ajouter, code_montre
from tests.outils import ClientVerifie, formulaire_de, jeton_de

pytestmark = pytest.mark.django_db
MOYENS = "/moi/connexion/"
LU = f"{MOYENS}avis-lus/"


def nouveau_code(cadre, compte, motif="second_facteur") -> str:
    reponse = cadre.post(f"/equipe/{compte.pk}/acces/", {"motif": motif})
    assert reponse.status_code == 200, reponse
    return code_montre(reponse)


def entrer_par_le_code(compte, code) -> ClientVerifie:
    """Choisir un mot de passe, relier un téléphone : la session de qui tient le code."""
    client = ClientVerifie()
    assert activer(compte, code, client).status_code == 302
    client.get("/connexion/enrolement/")
    telephone = TOTPDevice(user=compte, key=client.session["cle_a_relier"])
    reponse = poster(client, "/connexion/enrolement/", code=code_de(telephone))
    assert reponse.status_code == 302
    return client


def entrer(compte, minutes) -> ClientVerifie:
    client, telephone = ClientVerifie(), TOTPDevice.objects.get(user=compte)
    with plus_tard(minutes=minutes):
        etape = poster(client, "/connexion/", identifiant=compte.username, mot_de_passe=PHRASE)
        assert poster(client, etape.url, code=code_de(telephone)).status_code == 302
        client.page = client.get(MOYENS)
        client.lire = lambda: client.post(LU, jeton_de(client.page))
    return client


@pytest.mark.lent
def test_l_avis_revient_a_chaque_connexion_jusqu_a_ce_qu_on_le_reconnaisse(cadre, soignante):
    compte = soignante.compte
    appareil(compte)
    avec_le_code = entrer_par_le_code(compte, nouveau_code(cadre, compte))
    page = avec_le_code.get(MOYENS)
    assertNotContains(page, "code remis par")
    avec_le_code.post(LU, jeton_de(page))
    assert Activation.objects.get(compte=compte).lue_le is None
    for minutes in (1, 2):
        page = entrer(compte, minutes).page
        assertContains(page, "Votre accès a changé : le second facteur a été retiré")
        assertContains(page, f"code remis par {cadre.compte}, aujourd’hui")
        assertNotContains(page, "&lt;time")
    with plus_tard(minutes=3):
        client = entrer(compte, 0)
        assert client.post(*formulaire_de(client.page, LU)).status_code == 302
    assertNotContains(entrer(compte, 4).page, "code remis par")


def test_qui_a_pris_le_compte_ne_fait_pas_taire_l_avis(cadre, soignante):
    compte = soignante.compte
    appareil(compte)
    entrer_par_le_code(compte, nouveau_code(cadre, compte))
    with plus_tard(minutes=1):
        assert entrer(compte, 0).lire().status_code == 302  # the usurper, once more
    with plus_tard(minutes=2):
        victime = entrer_par_le_code(compte, nouveau_code(cadre, compte))
        assertContains(victime.get(MOYENS), "Votre accès a changé")


def test_sur_un_compte_ou_l_on_est_entre_un_code_n_est_jamais_celui_d_un_nouveau(cadre, soignante):
    adresse = f"/equipe/{soignante.compte_id}/acces/"
    assert cadre.post(adresse, {"motif": "nouveau"}).status_code == 404
    nouveau_code(cadre, soignante.compte)
    assert cadre.post(adresse, {"motif": "nouveau"}).status_code == 404
    assert [a.motif for a in Activation.objects.all()] == ["second_facteur"]


def test_un_compte_ou_personne_n_est_entre_ne_lit_pas_que_son_acces_est_remplace(cadre, unite):
    ajouter(cadre, unite)
    compte = Activation.objects.get().compte
    adresse = f"/equipe/{compte.pk}/acces/"
    assert cadre.post(adresse, {"motif": "mot_de_passe"}).status_code == 404
    page = cadre.get(f"/equipe/{compte.pk}/")
    assertNotContains(page, "oublié")
    reponse = cadre.post(*formulaire_de(page, adresse))
    entrer_par_le_code(compte, code_montre(reponse))
    assertNotContains(entrer(compte, 1).page, "Votre accès a changé")


def test_un_compte_suspendu_ne_recoit_pas_de_code(cadre, soignante):
    soignante.compte.is_active = False
    soignante.compte.save()
    assertNotContains(cadre.get(f"/equipe/{soignante.compte_id}/"), 'name="motif"')
    adresse = f"/equipe/{soignante.compte_id}/acces/"
    reponse = cadre.post(adresse, {"motif": "mot_de_passe"}, follow=True)
    assertContains(reponse, "rétablissez-le d’abord")
    assert not Activation.objects.exists()
