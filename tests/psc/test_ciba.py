"""Avec la e-CPS d’un autre appareil : la page attend, le téléphone décide."""

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from dui.socle.models import EntreeJournal
from habilitations.connexion.vues import ATTENDRE
from habilitations.models import FlotPSC
from habilitations.psc.vues import ABANDON, TROP_TARD
from tests.habilitations.connexion import plus_tard, poster
from tests.psc.outils import RPPS, Poste, messages_de

pytestmark = pytest.mark.django_db
ATTENTE = "/connexion/psc/e-cps/attente/"


def demander(poste, identifiant=RPPS[1:], suite=""):
    return poster(poste.client, f"/connexion/psc/e-cps/{suite}", identifiant=identifiant)


def telephone(fournisseur, reponse):
    """The professional answers the only request that rings."""
    [(demande, message, _)] = fournisseur.en_attente()
    fournisseur.repondre_ciba(demande, reponse)
    return message


def test_confirmer_sur_le_telephone_ouvre_la_session(poste, infirmiere, fournisseur):
    assertRedirects(demander(poste, suite="?suite=/residents/"), ATTENTE,
                    fetch_redirect_response=False)  # fmt: skip
    page = poste.client.get(ATTENTE)
    assert page["Refresh"] == "3"
    assert not poste.connecte
    message = telephone(fournisseur, "oui")
    assertContains(page, message)  # le même code sur les deux écrans
    with plus_tard(seconds=3):
        reponse = poste.client.get(ATTENTE)
    assertRedirects(reponse, "/residents/", fetch_redirect_response=False)
    assert poste.connecte
    trace = EntreeJournal.objects.filter(action="connexion").get()
    assert (trace.acteur, trace.contexte["methode"]) == (infirmiere, "psc_ciba")


def test_refuser_sur_le_telephone_ramene_a_la_connexion(poste, infirmiere, fournisseur):
    demander(poste)
    telephone(fournisseur, "non")
    assertRedirects(poste.client.get(ATTENTE), "/connexion/?suite=%2F",
                    fetch_redirect_response=False)  # fmt: skip
    assert ABANDON in messages_de(poste.client)
    assert not poste.connecte
    assert poste.client.get(ATTENTE).url == "/connexion/"


def test_une_demande_expire(poste, infirmiere, fournisseur):
    demander(poste)
    with plus_tard(seconds=121):
        assert poste.client.get(ATTENTE).url == "/connexion/"
        assert TROP_TARD in messages_de(poste.client)
    assert not poste.connecte


def test_une_demande_annulee_ne_s_ouvre_plus_meme_confirmee(poste, infirmiere, fournisseur):
    demander(poste)
    page = poste.client.get(ATTENTE)
    champ = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    poste.client.post("/connexion/psc/e-cps/annuler/", {"csrfmiddlewaretoken": champ})
    telephone(fournisseur, "oui")
    with plus_tard(seconds=3):
        assert poste.client.get(ATTENTE).url == "/connexion/"
    assert not poste.connecte


def test_la_page_n_interroge_qu_une_fois_par_intervalle(poste, infirmiere, fournisseur):
    demander(poste)
    [demande] = fournisseur.ciba.values()
    poste.client.get(ATTENTE)
    premiere = demande.relevee_le
    poste.client.get(ATTENTE)
    assert demande.relevee_le == premiere > 0


def test_plus_lentement_quand_le_fournisseur_le_demande(poste, infirmiere, fournisseur):
    demander(poste)
    FlotPSC.objects.update(intervalle=0)
    poste.client.get(ATTENTE)
    page = poste.client.get(ATTENTE)  # trop tôt : « slow_down »
    assert page.status_code == 200
    assert FlotPSC.objects.get().intervalle == 5
    assert poste.client.get(ATTENTE)["Refresh"] == "5"


def test_la_demande_d_un_poste_ne_s_ouvre_pas_sur_un_autre(poste, infirmiere, fournisseur):
    demander(poste)
    autre = Poste(fournisseur)
    session = autre.client.session
    session["psc_ciba"] = str(FlotPSC.objects.get().pk)
    session.save()
    telephone(fournisseur, "oui")
    assert autre.client.get(ATTENTE).url == "/connexion/"
    assert not autre.connecte


def test_un_jeton_d_une_autre_demande_est_refuse(poste, infirmiere, fournisseur):
    demander(poste)
    fournisseur.travers.claims = {"urn:openid:params:jwt:claim:auth_req_id": "une-autre"}
    telephone(fournisseur, "oui")
    poste.client.get(ATTENTE)
    assert not poste.connecte
    refus = EntreeJournal.objects.filter(action="connexion_refusee").latest("pk")
    assert refus.contexte["motif"] == "auth_req_id"


def test_un_telephone_ne_sonne_pas_sans_fin(poste, infirmiere, fournisseur, settings):
    for _ in range(settings.PSC_DEMANDES_MAX):
        assert demander(poste).status_code == 302
    assertContains(demander(poste), ATTENDRE, status_code=422)
    assert len(fournisseur.ciba) == settings.PSC_DEMANDES_MAX
    with plus_tard(minutes=16):
        assert demander(poste).status_code == 302


def test_changer_d_adresse_ne_fait_pas_sonner_davantage(infirmiere, fournisseur, settings):
    for rang in range(settings.PSC_DEMANDES_MAX + 3):
        poste = Poste(fournisseur)
        poste.client.defaults["REMOTE_ADDR"] = f"2001:db8:{rang:x}::1"
        demander(poste)
    assert len(fournisseur.ciba) == settings.PSC_DEMANDES_MAX


@pytest.mark.parametrize("saisi", ["123", "<script>", "", "x" * 60])
def test_un_numero_mal_tape_se_corrige(poste, fournisseur, saisi):
    assert demander(poste, saisi).status_code == 422
    assert not fournisseur.ciba


def test_un_inconnu_du_fournisseur_ne_recoit_rien(poste, fournisseur, db):
    assertContains(demander(poste, "99999999999"), "refuse cette demande", status_code=422)


def test_un_inconnu_de_la_maison_n_entre_pas(poste, fournisseur, db):
    demander(poste)
    telephone(fournisseur, "oui")
    assertContains(poste.client.get(ATTENTE), "Compte non déclaré", status_code=403)
    assert not poste.connecte
