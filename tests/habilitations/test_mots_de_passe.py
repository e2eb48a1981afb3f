"""Un mot de passe long, sans règle de signes, et qui ne se devine pas ; les codes de secours."""

import re

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django_otp.plugins.otp_static.models import StaticToken
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal, SaisieEnAttente
from habilitations.moyens import secours
from habilitations.moyens.regles import code_trivial, navigateur
from tests.habilitations.connexion import (
    appareil,
    code_de,
    plus_tard,
    poster,
    saisir_mot_de_passe,
    se_connecter,
)
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, connecter, jeton_de
from tests.socle.factories import MOT_DE_PASSE, CompteFactory, DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
NOUVEAU = "girafe tabouret violon marée"


@pytest.fixture
def compte():
    EtablissementFactory(nom="Résidence des Capucines")
    return AffectationFactory(
        compte=CompteFactory(first_name="Bérengère", last_name="Lavandier", username="blavandier")
    ).compte


@pytest.fixture
def soi(compte):
    return connecter(compte)


def confirmer(client, suite="/moi/connexion/"):
    return poster(client, f"/moi/connexion/confirmer/?suite={suite}", mot_de_passe=MOT_DE_PASSE)


# ------------------------------------------------------------------ la règle


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        "trop court 123",
        "passwordpassword",
        "aaaaaaaaaaaaaaaaaaaa",
        "chatchatchatchatchat",
        "123456789012345678",
        "azertyuiopqsdfghjklm",
        "Berengere.Lavandier1",
        "blavandier-blavandier",
        "Residence Capucines 2026",
        "mot de passe infirmière",
        "Bonjour Bonjour Soleil !",
        "x" * 300,
    ],
)
def test_un_mot_de_passe_qui_se_devine_est_refuse(compte, mot_de_passe):
    with pytest.raises(ValidationError):
        validate_password(mot_de_passe, compte)


@pytest.mark.parametrize(
    "mot_de_passe",
    [
        NOUVEAU,
        "quatre mots sans rapport",
        "correcthorsebatterystaple",
        "x9!Kd2#vPq7&Zm4$",
        "le chien de Bérengère mange des radis",
    ],
)
def test_aucune_regle_de_signes_n_ecarte_un_bon_mot_de_passe(compte, mot_de_passe):
    validate_password(mot_de_passe, compte)


def test_un_mot_de_passe_divulgue_est_refuse_meme_habille(compte):
    """La liste livrée avec Django vient de fuites publiques ; courts, ils le sont déjà."""
    divulgues = {mot for mot in CommonPasswordValidator().passwords if len(mot) >= 15}
    assert divulgues
    for mot in divulgues:
        for habille in (mot, mot.upper(), f" {mot[:5]} {mot[5:]} !"):
            with pytest.raises(ValidationError):
                validate_password(habille, compte)


def test_un_mot_de_la_maison_ou_de_la_personne_n_est_faible_que_chez_elle():
    phrase = "capucines lavandier"
    luc = CompteFactory(first_name="Luc", last_name="Roy", username="lroy")
    validate_password(phrase, luc)
    EtablissementFactory(nom="Résidence des Capucines")
    validate_password(phrase, luc)
    luc.last_name = "Lavandier"
    with pytest.raises(ValidationError, match="se devine"):
        validate_password(phrase, luc)


@pytest.mark.parametrize(
    "code", ["000000", "123456", "654321", "135791", "121212", "123123", "112211", "987654"]
)
def test_un_code_personnel_trivial_se_reconnait(code):
    assert code_trivial(code)


@pytest.mark.parametrize("code", ["480253", "719304", "20471933"])
def test_un_code_personnel_ordinaire_passe(code):
    assert not code_trivial(code)


@pytest.mark.parametrize(
    ("agent", "nom"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome sur Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge sur Windows"),
        ("", "Navigateur"),
    ],
)
def test_le_navigateur_se_dit_en_deux_mots(agent, nom):
    assert navigateur(agent) == nom


# ------------------------------------------------------------------ changer


def changer(client, actuel=MOT_DE_PASSE, nouveau=NOUVEAU, encore=None):
    champs = {"mot_de_passe": actuel, "nouveau": nouveau, "encore": encore or nouveau}
    return poster(client, "/moi/connexion/mot-de-passe/", **champs)


def test_on_change_son_mot_de_passe_et_les_autres_sessions_se_ferment(compte):
    ici, ailleurs = ClientVerifie(), ClientVerifie()
    se_connecter(ailleurs, compte)
    with plus_tard(minutes=1):
        se_connecter(ici, compte)
        assertRedirects(changer(ici), "/moi/connexion/")
        assert ici.get("/moi/connexion/").status_code == 200
        assert ailleurs.get("/").url.startswith("/connexion/")
    compte.refresh_from_db()
    assert compte.check_password(NOUVEAU)
    actions = EntreeJournal.objects.values_list("action", flat=True)
    assert {"mot_de_passe_change", "session_fermee"} <= set(actions)


def test_sans_le_mot_de_passe_actuel_rien_ne_change(soi):
    assertContains(changer(soi, actuel="autre chose"), "Mot de passe refusé", status_code=422)
    soi.compte.refresh_from_db()
    assert soi.compte.check_password(MOT_DE_PASSE)


def test_un_nouveau_mot_de_passe_previsible_ou_mal_recopie_est_refuse(soi):
    assertContains(changer(soi, nouveau="blavandierblavandier"), "se devine", status_code=422)
    assertContains(changer(soi, encore="girafe"), "diffèrent", status_code=422)


def test_le_mot_de_passe_saisi_n_est_jamais_garde_ni_redessine(soi):
    page = changer(soi, encore="girafe")
    assertNotContains(page, NOUVEAU, status_code=422)
    champs = jeton_de(soi.get("/moi/connexion/mot-de-passe/")) | {"nouveau": NOUVEAU}
    soi.session.flush()
    soi.post("/moi/connexion/mot-de-passe/", champs)
    assert not SaisieEnAttente.objects.exists()


def test_le_champ_accepte_de_coller_et_le_gestionnaire_de_mots_de_passe(soi):
    page = soi.get("/moi/connexion/mot-de-passe/").content.decode()
    assert 'autocomplete="new-password"' in page and 'autocomplete="current-password"' in page


def test_un_compte_du_portail_a_la_meme_page_sans_code_personnel(sur_le_portail):
    client = sur_le_portail(DossierFactory())
    page = client.get("/moi/connexion/")
    assertContains(page, "Changer mon mot de passe")
    assertNotContains(page, "Code personnel")
    assertContains(page, 'class="portail"')
    assertNotContains(page, "Rechercher un résident")


# ------------------------------------------------------------------ codes de secours


def creer_les_codes(client) -> list[str]:
    confirmer(client)
    page = poster(client, "/moi/connexion/codes-de-secours/")
    return re.findall(r"<code>([A-Z0-9-]+)</code>", page.content.decode())


def test_creer_des_codes_demande_d_abord_le_mot_de_passe(soi):
    page = soi.get("/moi/connexion/codes-de-secours/")
    assert page.url.startswith("/moi/connexion/confirmer/")
    suite = page.url.partition("suite=")[2]
    assertRedirects(confirmer(soi, suite), "/moi/connexion/codes-de-secours/")


def test_la_confirmation_ne_dure_que_cinq_minutes(soi):
    confirmer(soi)
    with plus_tard(minutes=6):
        page = soi.get("/moi/connexion/codes-de-secours/")
        assert page.url.startswith("/moi/connexion/confirmer/")


def test_les_codes_se_montrent_une_fois_et_ne_se_gardent_pas_en_clair(soi):
    codes = creer_les_codes(soi)
    assert len(set(codes)) == 10
    assertNotContains(soi.get("/moi/connexion/codes-de-secours/"), codes[0])
    gardes = set(StaticToken.objects.values_list("token", flat=True))
    assert len(gardes) == 10 and not gardes & {secours.nu(code) for code in codes}


def entrer_avec(client, compte, code):
    etape = saisir_mot_de_passe(client, compte)
    assert etape.status_code == 302
    return poster(client, "/connexion/secours/", code=code)


def test_un_code_de_secours_remplace_celui_du_telephone_une_seule_fois(soi, compte):
    appareil(compte)
    code, *_ = creer_les_codes(soi)
    autre = ClientVerifie()
    assertRedirects(entrer_avec(autre, compte, code.lower()), "/", fetch_redirect_response=False)
    assert "_auth_user_id" in autre.session
    assert secours.restants(compte) == 9
    encore = entrer_avec(ClientVerifie(), compte, code)
    assertContains(encore, "ne sert qu’une fois", status_code=422)


def test_le_code_de_secours_d_un_autre_ne_sert_pas(soi, compte):
    code, *_ = creer_les_codes(soi)
    autre = AffectationFactory().compte
    assert entrer_avec(ClientVerifie(), autre, code).status_code == 422


@pytest.mark.lent
def test_de_nouveaux_codes_remplacent_les_anciens(soi, compte):
    ancien, *_ = creer_les_codes(soi)
    creer_les_codes(soi)
    assert entrer_avec(ClientVerifie(), compte, ancien).status_code == 422


def test_sans_mot_de_passe_un_code_de_secours_n_ouvre_rien(client):
    assertRedirects(client.get("/connexion/secours/"), "/connexion/")


def test_deviner_un_code_de_secours_se_bloque_aussi(client, compte):
    telephone = appareil(compte)
    etape = saisir_mot_de_passe(client, compte)
    for _ in range(10):
        poster(client, "/connexion/secours/", code="AAAAA-AAAAA")
    assertContains(poster(client, etape.url, code=code_de(telephone)), "Attendez", status_code=422)
