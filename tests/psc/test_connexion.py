"""Se connecter par Pro Santé Connect : du bouton à la page d’accueil, et rien d’autre."""

import json
from io import StringIO
from pathlib import Path

import httpx
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal, SaisieEnAttente
from habilitations.models import FlotPSC, IdentiteProfessionnelle, PriseDePoste
from habilitations.psc import pratiques
from habilitations.psc.identites import declarer
from tests.habilitations.connexion import plus_tard, se_connecter
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, jeton_de
from tests.psc.outils import AUTRE_MAISON, MAISON, RPPS, dernier_motif, parametre, professionnel
from tests.socle.factories import CompteFactory, DossierFactory, EtablissementFactory

DONNEES = Path(__file__).parents[3] / "shared" / "data" / "psc"
pytestmark = pytest.mark.django_db
# ------------------------------------------------------------------ le parcours


def test_du_bouton_a_mon_poste_sans_mot_de_passe_ni_code(poste, infirmiere):
    assertRedirects(poste.entrer(), "/", fetch_redirect_response=False)
    assert poste.connecte
    assert poste.client.get("/residents/").status_code == 200
    assert poste.client.session["psc"]["methode"] == "psc"
    trace = EntreeJournal.objects.filter(action="connexion").get()
    assert trace.acteur == infirmiere
    attendu = {"methode": "psc", "profession": "60", "structure": MAISON.finess}
    assert trace.contexte | attendu == trace.contexte
    assert PriseDePoste.objects.filter(compte=infirmiere).count() == 1


ECHANTILLONS = [
    ("userinfo_infirmier_1_activite", "60", "990000028"),
    ("userinfo_medecin_2_activites", "10", "990000028"),
    ("userinfo_autre_structure", "60", "990000036"),
    ("userinfo_sans_activite", "10", ""),
    ("userinfo_multi_professions", "60", "990000028"),
]


@pytest.mark.skipif(not DONNEES.is_dir(), reason="../shared/data/psc n’est pas présent")
@pytest.mark.parametrize(("nom", "profession", "structure"), ECHANTILLONS)
def test_les_cinq_reponses_types_se_connectent(poste, fournisseur, nom, profession, structure):
    lu = json.loads((DONNEES / f"{nom}.json").read_text(encoding="utf-8"))
    qui = lu["SubjectNameID"]
    fournisseur.connaitre([lu])
    compte = MAISON.employer(fournisseur, qui)
    AUTRE_MAISON.employer(fournisseur, compte=compte)
    reponse = poste.entrer(qui)
    if nom == "userinfo_multi_professions":
        page = poste.client.get(reponse.url)
        poste.client.post(reponse.url, jeton_de(page) | {"pratique": "0"})
    assert poste.connecte
    psc = poste.client.session["psc"]
    assert (psc["profession"], psc["structure"]) == (profession, structure)


def test_une_activite_d_ailleurs_connecte_sans_structure_qui_a_une_affectation(
    poste, infirmiere, fournisseur
):
    fournisseur.connaitre([professionnel(activites=[])])
    poste.entrer()
    assert poste.connecte and poste.client.session["psc"]["structure"] == ""


def test_sans_affectation_en_cours_rien_ne_s_ouvre(poste, fournisseur):
    compte = CompteFactory()
    declarer(compte, RPPS, emetteur=fournisseur.emetteur)
    assertContains(poste.entrer(), "Aucune affectation en cours", status_code=403)
    assert not poste.connecte and dernier_motif() == "sans_affectation"


def test_un_compte_ferme_est_un_compte_non_declare(poste, infirmiere):
    infirmiere.is_active = False
    infirmiere.save()
    assertContains(poste.entrer(), "Compte non déclaré", status_code=403)
    assert not poste.connecte


def test_le_nom_ne_relie_jamais_personne(poste, fournisseur):
    AffectationFactory(compte__first_name="Jeanne", compte__last_name="Dupont")
    assertContains(poste.entrer(), "Compte non déclaré", status_code=403)


def test_une_activite_qui_n_etait_pas_proposee_ne_se_choisit_pas(poste, infirmiere, fournisseur):
    fournisseur.connaitre([professionnel()])
    AUTRE_MAISON.employer(fournisseur, compte=infirmiere)
    exercices = fournisseur.professionnels[RPPS]["SubjectRefPro"]["exercices"]
    exercices.append(exercices[0] | {"codeProfession": "93", "activities": []})
    reponse = poste.entrer()
    page = poste.client.get(reponse.url)
    for rang in ("2", "-1", "x", ""):
        poste.client.post(reponse.url, jeton_de(page) | {"pratique": rang})
        assert not poste.connecte


def test_le_choix_ne_se_fait_ni_ailleurs_ni_plus_tard(poste, infirmiere, fournisseur):
    exercices = fournisseur.professionnels[RPPS]["SubjectRefPro"]["exercices"]
    exercices.append(exercices[0] | {"codeProfession": "93", "activities": []})
    adresse = poste.entrer().url
    champs = jeton_de(poste.client.get(adresse)) | {"pratique": "0"}
    assert Client().post(adresse, champs).url.startswith("/connexion/")
    with plus_tard(minutes=6):
        assert poste.client.post(adresse, champs).url.startswith("/connexion/")
    assert not poste.connecte


# ------------------------------------------------------------------ la page de connexion


def test_sans_client_configure_le_bouton_n_existe_pas_et_les_pages_renvoient_a_la_connexion(
    client, db
):
    assertNotContains(client.get("/connexion/"), "Pro Santé Connect")
    for page in ("retour/", "choix/", "e-cps/", "e-cps/attente/", "sortie/"):
        reponse = client.get(f"/connexion/psc/{page}?state=x&code=y")
        assertRedirects(reponse, "/connexion/", fetch_redirect_response=False)
    assert client.post("/connexion/psc/").url == "/connexion/"
    assert not FlotPSC.objects.exists()


def test_un_lien_ne_lance_pas_la_connexion(poste):
    assert poste.client.get("/connexion/psc/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/connexion/psc/").status_code == 403


def test_la_demande_porte_tout_ce_que_le_protocole_exige(poste, infirmiere):
    adresse = poste.partir()
    assert adresse.startswith(f"{poste.fournisseur.racine}/auth?")
    assert parametre(adresse, "scope") == "openid scope_all"
    assert parametre(adresse, "acr_values") == "eidas1"
    assert parametre(adresse, "code_challenge_method") == "S256"
    assert len(parametre(adresse, "nonce")) == 64
    flot = FlotPSC.objects.get()
    assert parametre(adresse, "state") not in (flot.etat, flot.navigateur, str(flot.pk))
    assert parametre(adresse, "code_challenge") != flot.verificateur


@pytest.mark.parametrize(
    ("suite", "arrivee"),
    [("/residents/", "/residents/"), ("https://exemple.org/", "/"), ("//exemple.org/", "/")],
)
def test_on_revient_a_la_page_demandee_si_elle_est_de_la_maison(poste, infirmiere, suite, arrivee):
    reponse = poste.entrer(suite=f"?suite={suite}")
    assertRedirects(reponse, arrivee, fetch_redirect_response=False)


def ecrire_sans_session(poste, compte):
    """The session ended while the text was being typed: (what is kept, the way to sign-in)."""
    etablissement = compte.affectations.get().etablissement
    dossier = DossierFactory(sejour__etablissement=etablissement, sejour__place=None)
    adresse = f"/dossiers/{dossier.pk}/transmissions/nouvelle/"
    poste.entrer()
    champs = jeton_de(poste.client.get(adresse)) | {"donnees": "Texte long et précieux."}
    poste.client.session.flush()
    renvoi = poste.client.post(adresse, champs)
    return SaisieEnAttente.objects.get(), renvoi.url.removeprefix("/connexion/")


def rejouee(poste, reponse, saisie) -> bool:
    assert reponse.url.startswith(f"/reprise/{saisie.pk}/")
    page = poste.client.get(reponse.url)
    assertContains(page, "Texte long et précieux.")
    return page.context["tout_de_suite"]


def test_le_texte_poste_sans_session_attend_le_retour_de_pro_sante_connect(poste, infirmiere):
    saisie, suite = ecrire_sans_session(poste, infirmiere)
    assert rejouee(poste, poste.entrer(suite=suite), saisie)


def test_un_refus_garde_le_texte_pour_la_connexion_locale(poste, infirmiere, fournisseur):
    saisie, suite = ecrire_sans_session(poste, infirmiere)
    fournisseur.travers.claims = {"nonce": "faux"}
    refus = poste.entrer(suite=suite)
    reponse = se_connecter(poste.client, infirmiere, suite=refus.url.removeprefix("/connexion/"))
    assert rejouee(poste, reponse, saisie)


def test_un_lien_venu_d_ailleurs_ne_rejoue_pas_de_lui_meme(poste, infirmiere):
    saisie = SaisieEnAttente.objects.create(compte=infirmiere, chemin="/", champs={"a": ["b c"]})
    reponse = poste.entrer(suite=f"?saisie={saisie.pk}&ici=invente")
    assert not poste.client.get(reponse.url).context["tout_de_suite"]


# ------------------------------------------------------------------ changer de personne


def test_prendre_la_place_d_une_autre_personne_ferme_sa_session(poste, infirmiere, fournisseur):
    autre = AffectationFactory().compte
    connecter(autre, poste.client)
    poste.client.post("/verrou/")
    champs = jeton_de(poste.client.get("/verrou/"))
    adresse = poste.client.post("/connexion/psc/", champs)["Refresh"].removeprefix("0; url=")
    poste.client.get(poste.au_fournisseur(adresse))
    assert poste.connecte
    assert poste.client.session["_auth_user_id"] == str(infirmiere.pk)
    actes = list(EntreeJournal.objects.order_by("pk").values_list("acteur", "action"))
    assert actes[-2:] == [(autre.pk, "deconnexion"), (infirmiere.pk, "connexion")]


def test_la_meme_personne_deverrouille_son_poste_sans_en_reprendre_un(poste, infirmiere):
    poste.entrer()
    deverrouiller(poste)
    assert poste.connecte
    assert PriseDePoste.objects.count() == 1
    trace = EntreeJournal.objects.latest("pk")
    assert (trace.action, trace.contexte["methode"]) == ("deverrouillage", "psc")


def deverrouiller(poste):
    poste.client.post("/verrou/")
    champs = jeton_de(poste.client.get("/verrou/"))
    adresse = poste.client.post("/connexion/psc/", champs)["Refresh"].removeprefix("0; url=")
    assert parametre(adresse, "prompt") == "login"
    poste.client.get(poste.au_fournisseur(adresse))


@pytest.mark.parametrize("auth_time", [None, "hier", 1_700_000_000])
def test_la_session_restee_ouverte_chez_le_fournisseur_ne_deverrouille_pas_le_poste(
    poste, infirmiere, fournisseur, auth_time
):
    """Un passant appuie sur le bouton : le fournisseur répond au nom de qui était là avant."""
    poste.entrer()
    fournisseur.travers.claims = {"auth_time": auth_time}
    deverrouiller(poste)
    assert not poste.connecte and dernier_motif() == "auth_time"


def test_une_preuve_trop_ancienne_n_ouvre_pas_non_plus_de_session(poste, infirmiere, fournisseur):
    fournisseur.travers.claims = {"auth_time": 1_700_000_000}
    poste.entrer()
    assert not poste.connecte and dernier_motif() == "auth_time"


def test_ce_n_est_pas_moi_ferme_la_session_du_fournisseur(poste, infirmiere, fournisseur):
    exercices = fournisseur.professionnels[RPPS]["SubjectRefPro"]["exercices"]
    exercices.append(exercices[0] | {"codeProfession": "93", "activities": []})
    page = poste.client.get(poste.entrer().url)
    assertContains(page, 'href="/connexion/psc/sortie/"')
    sortie = poste.client.get("/connexion/psc/sortie/")["Refresh"].removeprefix("0; url=")
    assert httpx.get(sortie, trust_env=False).status_code == 302
    assert not fournisseur.sessions and not poste.connecte


# ------------------------------------------------------------------ identités déclarées


def test_le_meme_identifiant_chez_un_autre_emetteur_est_un_inconnu(poste, fournisseur):
    """Ni l’identifiant déclaré pour un autre fournisseur, ni un compte local de ce nom."""
    compte = MAISON.employer(fournisseur)
    identite = compte.identites_professionnelles.get()
    identite.emetteur = "https://autre.exemple/auth/realms/bas"
    identite.save()
    AffectationFactory(compte__username=RPPS)
    assertContains(poste.entrer(), "Compte non déclaré", status_code=403)
    assert not poste.connecte
    declarer(compte, RPPS, emetteur=fournisseur.emetteur)
    poste.entrer()
    assert poste.connecte


def test_un_identifiant_national_est_celui_d_un_seul_compte(fournisseur, infirmiere):
    with pytest.raises(ValidationError, match="déjà celui d’un compte"):
        declarer(CompteFactory(), RPPS, emetteur=fournisseur.emetteur)
    with pytest.raises(DatabaseError), transaction.atomic():
        IdentiteProfessionnelle.objects.create(
            compte=CompteFactory(), emetteur=fournisseur.emetteur, identifiant_national=RPPS
        )


def test_l_histoire_d_une_identite_ne_se_recrit_pas(fournisseur, infirmiere):
    table = IdentiteProfessionnelle.history.model._meta.db_table
    assert IdentiteProfessionnelle.history.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"DELETE FROM {table}")


def test_l_administrateur_declare_une_identite_avant_la_premiere_connexion(poste, fournisseur):
    etablissement = EtablissementFactory(finess=MAISON.finess)
    compte = AffectationFactory(etablissement=etablissement).compte
    assert poste.entrer().status_code == 403
    call_command("psc_declarer", compte.username, RPPS, stdout=StringIO())
    poste.entrer()
    assert poste.connecte
    with pytest.raises(CommandError, match="déjà celui"):
        call_command("psc_declarer", CompteFactory().username, RPPS)
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("psc_declarer", "personne", RPPS)


def test_chaque_profession_a_un_nom():
    assert pratiques.en_clair({"profession": "60", "lieu": ""}) == "Infirmier, sans structure"
    assert pratiques.en_clair({"profession": "Z9", "lieu": "Ici"}) == "Profession Z9, Ici"
