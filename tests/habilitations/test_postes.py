"""Le poste partagé : enrôlé par un cadre, on s’y relaie d’un code, chacun sous son nom."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal, SaisieEnAttente
from habilitations.models import CodePersonnel, PassageAuPoste, PosteDeTravail, SessionOuverte
from habilitations.moyens import postes
from tests.habilitations.connexion import plus_tard, poster, se_connecter
from tests.habilitations.factories import AffectationFactory, PosteDeTravailFactory
from tests.habilitations.test_sessions import requetes
from tests.outils import ClientVerifie, connecter, formulaire_de, jeton_de
from tests.socle.factories import MOT_DE_PASSE, DossierFactory, EtablissementFactory

pytestmark = pytest.mark.django_db
CODE = "480253"


@pytest.fixture
def maison():
    return EtablissementFactory(nom="Les Tilleuls")


@pytest.fixture
def cadre(maison):
    return AffectationFactory(role="IDEC", etablissement=maison).compte


def soignant(maison, prenom="Nadia", code=CODE):
    compte = AffectationFactory(role="AS", etablissement=maison).compte
    compte.first_name, compte.last_name = prenom, "Bensaïd"
    compte.save()
    if code:
        postes.choisir_le_code(compte, code)
    return compte


def enroler(client, maison, nom="Salle de soins", delai=""):
    champs = {"lieu": f"e{maison.pk}", "nom": nom, "delai_minutes": delai}
    return poster(client, "/postes/", **champs)


@pytest.fixture
def poste(cadre, maison):
    """Le navigateur du poste, enrôlé, où personne n’est connecté."""
    client = connecter(cadre, ClientVerifie())
    assertRedirects(enroler(client, maison), "/postes/")
    client.post("/deconnexion/")
    return client


@pytest.fixture
def nadia(maison):
    return soignant(maison)


@pytest.fixture
def claire(maison):
    return soignant(maison, "Claire", "719304")


@pytest.fixture
def apres_le_service_de_nadia(poste, nadia):
    se_connecter(poste, nadia)
    poste.post("/deconnexion/")
    return PassageAuPoste.objects.get(compte=nadia)


def relayer(client, passage, code=CODE, suite=""):
    return poster(client, f"/connexion/relais/{passage.pk}/{suite}", code=code)


def connecte(client):
    return client.session.get("_auth_user_id")


# ------------------------------------------------------------------ enrôler


def test_le_cadre_enrole_ce_navigateur_et_le_secret_ne_se_lit_nulle_part(poste):
    enrole = PosteDeTravail.objects.get()
    cookie = poste.cookies["dui_poste"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    secret = cookie.value.split(":")[1]
    assert secret != enrole.empreinte and len(enrole.empreinte) == 64
    assert EntreeJournal.objects.filter(action="poste_enrole", acteur=enrole.enrole_par).exists()


def test_qui_n_encadre_pas_n_enrole_pas_et_le_cadre_d_ailleurs_ne_voit_pas_ce_poste(poste, maison):
    soignante = connecter(AffectationFactory(role="IDE", etablissement=maison).compte)
    assert soignante.get("/postes/").status_code == 403
    assert EntreeJournal.objects.filter(action="refus", acteur=soignante.compte).exists()
    ailleurs = connecter(AffectationFactory(role="IDEC").compte)
    assertNotContains(ailleurs.get("/postes/"), "Salle de soins</a>")
    adresse = f"/postes/{PosteDeTravail.objects.get().pk}/"
    assert ailleurs.get(adresse).status_code == 404
    assert (
        ailleurs.post(f"{adresse}revoquer/", jeton_de(ailleurs.get("/postes/"))).status_code == 404
    )
    assert enroler(ailleurs, maison).status_code == 422


def test_un_compte_du_portail_ne_trouve_pas_la_page_des_postes(sur_le_portail):
    assert sur_le_portail(DossierFactory()).get("/postes/").status_code == 404


def test_deux_postes_en_service_n_ont_pas_le_meme_nom(cadre, maison):
    PosteDeTravailFactory(etablissement=maison, nom="Salle de soins")
    assertContains(enroler(connecter(cadre), maison), "porte déjà ce nom", status_code=422)


def test_un_cookie_retouche_n_est_pas_un_poste(poste, apres_le_service_de_nadia):
    poste.cookies["dui_poste"] = poste.cookies["dui_poste"].value[:-2] + "xx"
    assert relais_ferme(poste, apres_le_service_de_nadia)


# ------------------------------------------------------------------ se relayer


def relais_ferme(client, passage):
    reponse = client.get(f"/connexion/relais/{passage.pk}/")
    assert (reponse.status_code, reponse.url) == (302, "/connexion/")
    envoi = client.post(f"/connexion/relais/{passage.pk}/", {"code": CODE})
    assert envoi.status_code == 302 and not connecte(client)
    return True


def test_apres_ses_deux_preuves_un_code_suffit_sur_ce_poste(
    poste, apres_le_service_de_nadia, nadia
):
    assertContains(poste.get("/connexion/"), "Nadia Bensaïd")
    assertRedirects(relayer(poste, apres_le_service_de_nadia), "/")
    assert connecte(poste) == str(nadia.pk)
    session = SessionOuverte.objects.get(compte=nadia)
    assert session.methode == "code_personnel" and session.poste.nom == "Salle de soins"


def test_un_code_oublie_mene_aux_deux_preuves(poste, apres_le_service_de_nadia):
    page = poste.get(f"/connexion/relais/{apres_le_service_de_nadia.pk}/?suite=/residents/")
    assertContains(page, 'href="/connexion/?suite=%2Fresidents%2F">Code oublié')


def test_qui_n_a_pas_de_code_se_le_voit_proposer_une_fois(poste, maison):
    compte = soignant(maison, "Lila", code=None)
    se_connecter(poste, compte)
    page = poste.get("/")
    assertContains(page, "Choisir mon code")
    poste.post(*formulaire_de(page, "/moi/connexion/code-personnel/plus-tard/"))
    assertNotContains(poste.get("/"), "Choisir mon code")
    poste.post("/deconnexion/")
    with plus_tard(hours=1):
        se_connecter(poste, compte)
        assertNotContains(poste.get("/"), "Choisir mon code")


def test_avec_un_code_ou_hors_d_un_poste_enrole_rien_n_est_propose(poste, nadia, maison):
    se_connecter(poste, nadia)
    assertNotContains(poste.get("/"), "Choisir mon code")
    chez_soi = ClientVerifie()
    se_connecter(chez_soi, soignant(maison, "Lila", code=None))
    assertNotContains(chez_soi.get("/"), "Choisir mon code")


def test_sur_un_autre_ordinateur_le_code_ne_vaut_rien(apres_le_service_de_nadia):
    assert relais_ferme(ClientVerifie(), apres_le_service_de_nadia)


def test_qui_ne_s_est_pas_connecte_ici_ne_se_relaie_pas(poste, claire):
    assertNotContains(poste.get("/connexion/"), "Claire Bensaïd")


def test_sans_code_personnel_on_n_est_pas_propose(poste, maison):
    compte = soignant(maison, "Sans", code=None)
    se_connecter(poste, compte)
    poste.post("/deconnexion/")
    assertNotContains(poste.get("/connexion/"), "Sans Bensaïd")


def test_un_professionnel_d_une_autre_maison_n_est_pas_retenu_ici(poste):
    se_connecter(poste, AffectationFactory(role="IDE").compte)
    assert not PassageAuPoste.objects.exists()


def test_apres_le_service_il_faut_de_nouveau_les_deux_preuves(poste, apres_le_service_de_nadia):
    with plus_tard(hours=11):
        assert relayer(poste, apres_le_service_de_nadia).status_code == 302
        poste.post("/deconnexion/")
    with plus_tard(hours=13):  # the short code has not prolonged the shift
        assert relais_ferme(poste, apres_le_service_de_nadia)


def test_un_poste_revoque_ne_relaie_plus_personne(poste, apres_le_service_de_nadia, cadre):
    relayer(poste, apres_le_service_de_nadia)
    chef = connecter(cadre)
    adresse = f"/postes/{PosteDeTravail.objects.get().pk}/revoquer/"
    chef.post(*formulaire_de(chef.get("/postes/"), adresse))
    assert not connecte(poste), "la session qui y était ouverte est fermée"
    assert relais_ferme(poste, apres_le_service_de_nadia)
    assertNotContains(poste.get("/connexion/"), "Nadia Bensaïd")


def test_un_compte_ferme_n_est_plus_propose(poste, apres_le_service_de_nadia, nadia):
    nadia.is_active = False
    nadia.save()
    assert relais_ferme(poste, apres_le_service_de_nadia)


def test_un_mauvais_code_est_refuse_et_le_journal_le_sait(poste, apres_le_service_de_nadia):
    refus = relayer(poste, apres_le_service_de_nadia, "111222")
    assertContains(refus, "Code refusé", status_code=422)
    assertNotContains(refus, "111222", status_code=422)
    assert not connecte(poste)
    assert EntreeJournal.objects.filter(action="code_refuse").exists()


def test_le_code_d_un_collegue_n_est_pas_le_mien(poste, apres_le_service_de_nadia, claire):
    assert relayer(poste, apres_le_service_de_nadia, "719304").status_code == 422


def test_cinq_mauvais_codes_et_seules_les_deux_preuves_rouvrent(
    poste, apres_le_service_de_nadia, nadia
):
    for _ in range(4):
        assert relayer(poste, apres_le_service_de_nadia, "111222").status_code == 422
    assert relayer(poste, apres_le_service_de_nadia, "111222").status_code == 302
    assert relais_ferme(poste, apres_le_service_de_nadia)
    with plus_tard(minutes=1):  # a code of the telephone serves once
        se_connecter(poste, nadia)
        assert CodePersonnel.objects.get().echecs == 0
        poste.post("/deconnexion/")
        assertRedirects(relayer(poste, PassageAuPoste.objects.get()), "/")


def test_changer_de_mot_de_passe_redemande_les_deux_preuves_partout(
    poste, apres_le_service_de_nadia, nadia
):
    client = connecter(nadia)
    nouveau = "girafe tabouret violon marée"
    champs = {"mot_de_passe": MOT_DE_PASSE, "nouveau": nouveau, "encore": nouveau}
    poster(client, "/moi/connexion/mot-de-passe/", **champs)
    assert relais_ferme(poste, apres_le_service_de_nadia)


def test_la_page_du_poste_coute_autant_de_requetes_pour_dix_collegues(poste, maison):
    cadre = AffectationFactory(role="DIRECTEUR", etablissement=maison).compte

    def peupler():
        PosteDeTravailFactory(etablissement=maison)
        passage = {
            "poste": PosteDeTravail.objects.earliest("enrole_le"),
            "compte": soignant(maison),
        }
        PassageAuPoste.objects.create(**passage)

    peupler()
    chef = connecter(cadre)
    avant = requetes(poste, "/connexion/"), requetes(chef, "/postes/")
    for _ in range(9):
        peupler()
    assert (requetes(poste, "/connexion/"), requetes(chef, "/postes/")) == avant
    assert max(avant) <= 15


# ------------------------------------------------------------------ au verrou


def verrouille_par_nadia(poste, nadia, claire):
    """Claire s’est connectée plus tôt ; Nadia tient le poste, qui s’est verrouillé."""
    se_connecter(poste, claire)
    poste.post("/deconnexion/")
    se_connecter(poste, nadia)
    poste.post("/verrou/?suite=/residents/")


def test_au_verrou_la_meme_personne_revient_a_sa_page_par_son_code(poste, nadia, claire):
    verrouille_par_nadia(poste, nadia, claire)
    page = poste.get("/verrou/?suite=/residents/")
    passage = PassageAuPoste.objects.get(compte=nadia)
    adresse, champs = formulaire_de(page, f"/connexion/relais/{passage.pk}/")
    assertRedirects(poste.post(adresse, champs | {"code": CODE}), "/residents/")


def test_au_verrou_un_collegue_prend_le_poste_sous_son_seul_nom(poste, nadia, claire):
    dossier = DossierFactory(sejour__etablissement=nadia.affectations.get().etablissement)
    se_connecter(poste, claire)
    poste.post("/deconnexion/")
    se_connecter(poste, nadia)
    adresse = f"/dossiers/{dossier.pk}/transmissions/nouvelle/"
    champs = jeton_de(poste.get(adresse)) | {"donnees": "Texte commencé par Nadia."}
    poste.post("/verrou/")
    verrou = poste.post(adresse, champs).url
    assertContains(poste.get(verrou), "Claire Bensaïd")
    passage = PassageAuPoste.objects.get(compte=claire)
    assertRedirects(relayer(poste, passage, "719304"), "/")
    assert connecte(poste) == str(claire.pk)
    saisie = SaisieEnAttente.objects.get()
    assert saisie.compte == nadia
    assert poste.get(f"/reprise/{saisie.pk}/").status_code == 404
    assert not SessionOuverte.objects.filter(compte=nadia).exists()
    poste.post("/deconnexion/")
    retour = relayer(poste, PassageAuPoste.objects.get(compte=nadia))
    assert retour.url.startswith(f"/reprise/{saisie.pk}/")


def test_choisir_un_code_demande_le_mot_de_passe_et_refuse_les_codes_triviaux(maison):
    client = connecter(soignant(maison, code=None))
    adresse = "/moi/connexion/code-personnel/"
    assert client.get(adresse).url.startswith("/moi/connexion/confirmer/")
    poster(client, "/moi/connexion/confirmer/", mot_de_passe=MOT_DE_PASSE)
    for mauvais in ("123456", "12345", "abcdef"):
        assert poster(client, adresse, code=mauvais, encore=mauvais).status_code == 422
    assert poster(client, adresse, code=CODE, encore="480254").status_code == 422
    assertRedirects(poster(client, adresse, code=CODE, encore=CODE), "/moi/connexion/")
    assert CODE not in CodePersonnel.objects.get().empreinte


# ------------------------------------------------------------------ le délai de verrouillage


def verrouille_apres(client, minutes) -> bool:
    with plus_tard(minutes=minutes):
        return client.get("/residents/").url.startswith("/verrou/")


def fixer(cadre, maison, minutes, role=""):
    chef = connecter(cadre)
    champs = {"etablissement": maison.pk, "role": role, "minutes": minutes}
    return chef.post("/postes/delais/", jeton_de(chef.get("/postes/")) | champs)


def tient(client, minutes) -> bool:
    with plus_tard(minutes=minutes):
        return client.get("/residents/").status_code == 200


@pytest.mark.parametrize(
    ("maison_", "role", "poste_", "attendu"),
    [("", "", "", 15), (30, "", "", 30), (30, 10, "", 10), (30, 10, 5, 5), (5, 30, 45, 5)],
)
def test_le_plus_court_des_delais_l_emporte(cadre, maison, nadia, maison_, role, poste_, attendu):
    fixer(cadre, maison, maison_)
    fixer(cadre, maison, role, role="AS")
    navigateur = connecter(cadre)
    enroler(navigateur, maison, delai=poste_)
    navigateur.post("/deconnexion/")
    se_connecter(navigateur, nadia)
    assertContains(navigateur.get("/residents/"), f'data-delai="{attendu * 60}"')
    assert tient(navigateur, attendu - 1)
    assert verrouille_apres(navigateur, 2 * attendu + 1)


def test_un_delai_ote_rend_celui_du_logiciel(cadre, maison, nadia):
    fixer(cadre, maison, 5)
    fixer(cadre, maison, "")
    client = ClientVerifie()
    se_connecter(client, nadia)
    assert tient(client, 14)


def test_le_delai_d_une_autre_maison_ne_compte_pas_et_ne_se_fixe_pas_d_ailleurs(cadre, nadia):
    ailleurs = EtablissementFactory()
    fixer(cadre, ailleurs, 2)
    client = ClientVerifie()
    se_connecter(client, nadia)
    assert tient(client, 14)
    chef_d_ailleurs = AffectationFactory(role="IDEC", etablissement=ailleurs).compte
    fixer(chef_d_ailleurs, ailleurs, 2)
    assert tient(client, 14)


def test_un_changement_de_delai_se_sent_dans_la_minute_d_activite(cadre, maison, nadia):
    client = ClientVerifie()
    se_connecter(client, nadia)
    fixer(cadre, maison, 5)
    with plus_tard(minutes=3):
        client.get("/residents/")
        assertContains(client.get("/residents/"), 'data-delai="300"')


def test_un_soignant_ne_regle_ni_poste_ni_delai(maison, nadia):
    client = connecter(nadia)
    jeton = jeton_de(client.get("/moi/connexion/"))
    champs = {"etablissement": maison.pk, "role": "", "minutes": 60}
    assert client.post("/postes/delais/", jeton | champs).status_code == 403
