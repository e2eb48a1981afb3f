"""Ouvrir et fermer le portail d’un dossier : à qui, par qui, jusqu’à quand, et tout de suite."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import Compte, EntreeJournal, Evenement
from habilitations.models import AccesNominatif, Activation, SessionOuverte
from habilitations.politique import Habilitation
from relation_usager.ouvertures import services
from tests.habilitations.connexion import se_connecter
from tests.habilitations.equipe.gestes import CODE, PHRASE, activer, code_montre
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.outils import ClientVerifie, connecter, formulaire_de, jeton_de
from tests.socle.factories import CompteFactory, ContactFactory, DossierFactory, UsagerFactory

pytestmark = pytest.mark.django_db
ACCORD = {"motif": "Demandé par la personne, accord signé."}


@pytest.fixture
def dossier():
    return DossierFactory(usager=UsagerFactory(nom_naissance="DURAND", premier_prenom="MARIE"))


@pytest.fixture
def fille(dossier):
    return ContactFactory(
        dossier=dossier, prenom="Isabelle", nom="Morel", personne_confiance=True, role="NOK"
    )


@pytest.fixture
def secretaire(en_tant_que, dossier):
    return en_tant_que(dossier, role="SECRETAIRE")


def adresse(nom, dossier, *args):
    return reverse(f"ouvertures:{nom}", args=[dossier.pk, *args])


def ouvrir(client, dossier, contact=None, **champs):
    page = adresse("ouvrir_contact", dossier, contact.pk) if contact else None
    page = page or adresse("ouvrir_personne", dossier)
    _, donnees = formulaire_de(client.get(page))
    return client.post(page, donnees | ACCORD | champs)


def fermer(client, dossier, compte, **champs):
    cle = AccesNominatif.objects.filter(user=compte, content_object=dossier).first().pk
    page = adresse("fermer", dossier, cle)
    _, donnees = formulaire_de(client.get(page))
    return client.post(page, donnees | {"motif": "Elle ne le veut plus."} | champs)


def demander_un_code(client, dossier, compte, motif):
    cle = AccesNominatif.objects.filter(user=compte, content_object=dossier).first().pk
    jetons = jeton_de(client.get(adresse("portail", dossier)))
    return client.post(adresse("code", dossier, cle), jetons | {"motif": motif}, follow=True)


# ------------------------------------------------------------------ ouvrir


def test_la_secretaire_ouvre_le_portail_a_la_personne_qui_active_son_compte_et_lit(
    dossier, secretaire
):
    reponse = ouvrir(secretaire, dossier)
    compte = Compte.objects.get(username="marie.durand")
    assertContains(reponse, "marie.durand")
    assertContains(reponse, "/activation/")
    assertNotContains(reponse, "DURAND Marie")  # the sheet leaves without the identity banner
    client = ClientVerifie()
    suite = activer(compte, code_montre(reponse), client)
    assertContains(client.get(suite.url, follow=True), "Relier votre téléphone")
    page = connecter(Compte.objects.get(pk=compte.pk)).get("/portail/", follow=True)
    assertContains(page, "Marie DURAND")


def test_l_ouverture_laisse_sa_trace_et_se_lit_sur_la_page(dossier, secretaire, fille):
    fin = timezone.localdate() + timedelta(days=60)
    ouvrir(secretaire, dossier, fille, accords=["ANI"], fin=f"{fin:%d/%m/%Y}")
    compte = Compte.objects.get(username="isabelle.morel")
    ouverture, code = EntreeJournal.objects.filter(dossier=dossier, action="administrer").order_by(
        "pk"
    )
    assert (ouverture.acteur, ouverture.contexte["compte"]) == (secretaire.compte, compte.pk)
    assert code.contexte["motif"] == "nouveau"
    assert Evenement.objects.filter(dossier=dossier, type="portail.acces_ouvert").exists()
    page = secretaire.get(adresse("portail", dossier))
    for dit in ("Isabelle", "personne de confiance", "nouvelles et animations", ACCORD["motif"]):
        assertContains(page, dit)
    assertContains(page, f"jusqu’au {fin:%d/%m/%Y}")
    assertContains(page, "Code remis")
    assert not CODE.search(page.content.decode())


def test_la_personne_de_confiance_ne_lit_que_les_parties_accordees(dossier, secretaire, fille):
    ouvrir(secretaire, dossier, fille, accords=["AGE"])
    h = Habilitation(Compte.objects.get(username="isabelle.morel"))
    assert h.ouvre(dossier, "AGE") and not h.ouvre(dossier, "ANI") and not h.ouvre(dossier, "TRA")


def test_le_curateur_meme_note_representant_n_ouvre_aucun_soin(dossier, secretaire):
    curateur = ContactFactory(
        dossier=dossier, nom="Legrand", relation="CURATEUR", representant_legal=True, role="AGNT"
    )
    ouvrir(secretaire, dossier, curateur)
    blocs = AccesNominatif.objects.values_list("qualite", "permission__codename")
    assert sorted(blocs) == [("ASSISTANT_JUR", "voir_DOCA"), ("ASSISTANT_JUR", "voir_FAC")]


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({}, "accepter au moins une partie"),
        ({"accords": ["TRA"]}, "n’en fait pas partie"),
        ({"accords": ["ANI"], "motif": " "}, "obligatoire"),
        ({"accords": ["ANI"], "fin": "01/01/2020"}, "déjà passée"),
        ({"accords": ["ANI"], "identifiant": "personne"}, "Aucun compte du portail"),
    ],
)
def test_sans_accord_ni_raison_rien_ne_s_ouvre(dossier, secretaire, fille, champs, message):
    avant = Compte.objects.count()
    assertContains(ouvrir(secretaire, dossier, fille, **champs), message, status_code=422)
    assert not AccesNominatif.objects.exists()
    assert Compte.objects.count() == avant


def test_deux_clics_font_un_seul_compte_et_le_dernier_code_seul_sert(dossier, secretaire):
    premier, second = (code_montre(ouvrir(secretaire, dossier)) for _ in range(2))
    compte = Compte.objects.get(username="marie.durand")
    assert Compte.objects.filter(last_name__iexact="durand").count() == 1
    assert activer(compte, premier).status_code == 422
    assert activer(compte, second).status_code == 302


def test_deja_ouvert_la_page_le_dit(dossier, secretaire):
    ouvrir(secretaire, dossier)
    compte = Compte.objects.get(username="marie.durand")
    compte.set_password(PHRASE)
    compte.save()
    page = secretaire.get(adresse("portail", dossier))
    assertNotContains(page, adresse("ouvrir_personne", dossier))
    reponse = secretaire.post(adresse("ouvrir_personne", dossier), ACCORD | jeton_de(page))
    assertContains(reponse, "déjà ouvert", status_code=422)


def test_un_proche_de_deux_personnes_garde_son_compte(dossier, secretaire, fille):
    """Isabelle suit déjà son père, ailleurs : un seul compte, et aucun code d’ici ne l’ouvre."""
    pere, compte = DossierFactory(), CompteFactory(first_name="Isabelle", last_name="Morel")
    acces_portail(compte, pere, "ANI", qualite="PROCHE")
    reponse = ouvrir(secretaire, dossier, fille, accords=["ANI"], identifiant=compte.username)
    assertRedirects(reponse, adresse("portail", dossier))
    assert Habilitation(compte).ouvre(dossier, "ANI") and Habilitation(compte).ouvre(pere, "ANI")
    assert not Activation.objects.exists()
    for motif in ("mot_de_passe", "second_facteur"):
        refus = demander_un_code(secretaire, dossier, compte, motif)
        assertContains(refus, services.PAS_A_VOUS)
    with pytest.raises(PermissionDenied):
        services.redonner_code(secretaire.habilitation, dossier, compte=compte, motif="nouveau")
    compte.refresh_from_db()
    assert compte.has_usable_password()


def test_l_identifiant_d_un_professionnel_ou_d_un_autre_nom_ne_sert_pas(dossier, secretaire, fille):
    autre = CompteFactory(first_name="Isabelle", last_name="Autre")
    acces_portail(autre, DossierFactory(), "ANI", qualite="PROCHE")
    collegue = AffectationFactory(
        compte=CompteFactory(first_name="Isabelle", last_name="Morel")
    ).compte
    for compte in (autre, collegue):
        reponse = ouvrir(secretaire, dossier, fille, accords=["ANI"], identifiant=compte.username)
        assertContains(reponse, services.INCONNU, status_code=422)


def test_une_personne_decedee_un_soignant_un_contact_retire_ne_sont_pas_proposes(
    dossier, secretaire
):
    medecin = ContactFactory(dossier=dossier, nom="Petit", role="PROV")
    parti = ContactFactory(dossier=dossier, nom="Parti", actif=False, role="NOK")
    dossier.usager.date_deces = timezone.localdate()
    dossier.usager.save()
    page = secretaire.get(adresse("portail", dossier))
    pages = [adresse("ouvrir_contact", dossier, c.pk) for c in (medecin, parti)]
    for page_ in (*pages, adresse("ouvrir_personne", dossier)):
        assertNotContains(page, page_)
        assert secretaire.get(page_).status_code == 404


# ------------------------------------------------------------------ fermer


def test_fermer_ferme_tout_de_suite_les_pages_les_sessions_et_le_code(dossier, secretaire):
    code = code_montre(ouvrir(secretaire, dossier))
    compte = Compte.objects.get(username="marie.durand")
    lectrice = ClientVerifie()
    suite = activer(compte, code, lectrice)
    assert suite.status_code == 302
    proche = connecter(Compte.objects.get(pk=compte.pk))
    nouvelles = reverse("relation_usager:nouvelles", args=[dossier.pk])
    assert proche.get(nouvelles).status_code == 200

    assertRedirects(fermer(secretaire, dossier, compte), adresse("portail", dossier))
    assert proche.get(nouvelles).status_code in (302, 404)
    assert not Habilitation(compte).ouvre(dossier, "ANI")
    page = secretaire.get(adresse("portail", dossier))
    assertContains(page, "Accès fermés")
    assertContains(page, "Ouvert à personne")
    assert Evenement.objects.filter(dossier=dossier, type="portail.acces_ferme").exists()


def test_une_session_ouverte_se_ferme_avec_l_acces(dossier, secretaire):
    compte = CompteFactory()
    acces_portail(compte, dossier, qualite="USAGER")
    acces_portail(compte, DossierFactory(), "ANI", qualite="PROCHE")
    navigateur = ClientVerifie()
    se_connecter(navigateur, compte)
    assert SessionOuverte.objects.filter(compte=compte).count() == 1
    fermer(secretaire, dossier, compte)
    reponse = navigateur.get("/portail/")
    assert reponse.status_code == 302 and reponse.url.startswith("/connexion/")
    assert not SessionOuverte.objects.filter(compte=compte).exists()


def test_un_code_qui_attendait_ne_sert_plus_une_fois_ferme(dossier, secretaire):
    code = code_montre(ouvrir(secretaire, dossier))
    compte = Compte.objects.get(username="marie.durand")
    fermer(secretaire, dossier, compte)
    assert activer(compte, code).status_code == 422


def test_rouvrir_retrouve_le_meme_compte(dossier, secretaire):
    ouvrir(secretaire, dossier)
    compte = Compte.objects.get(username="marie.durand")
    fermer(secretaire, dossier, compte)
    assert ouvrir(secretaire, dossier).status_code == 200
    assert Compte.objects.filter(last_name__iexact="durand").count() == 1
    assert Habilitation(compte).ouvre(dossier, "ANI")


def test_l_acces_ferme_au_fils_ne_se_rouvre_pas_pour_le_pere_du_meme_nom(dossier, secretaire):
    fils, pere = (ContactFactory(dossier=dossier, prenom="Jean", nom="Durand") for _ in range(2))
    ouvrir(secretaire, dossier, fils, accords=["ANI"])
    ferme = Compte.objects.get(username="jean.durand")
    ferme.set_password(PHRASE)
    ferme.save()
    fermer(secretaire, dossier, ferme)
    ancien, nouveau = (
        code_montre(ouvrir(secretaire, dossier, pere, accords=["ANI"])) for _ in range(2)
    )
    assert not Habilitation(ferme).ouvre(dossier, "ANI")
    compte = Compte.objects.exclude(pk=ferme.pk).get(first_name="Jean", last_name="Durand")
    assert Habilitation(compte).ouvre(dossier, "ANI")
    assert activer(compte, ancien).status_code == 422
    assert activer(compte, nouveau).status_code == 302


def test_l_identifiant_dit_lequel_des_deux_homonymes_revient(dossier, secretaire):
    fils, _ = (ContactFactory(dossier=dossier, prenom="Jean", nom="Durand") for _ in range(2))
    ouvrir(secretaire, dossier, fils, accords=["ANI"])
    compte = Compte.objects.get(username="jean.durand")
    fermer(secretaire, dossier, compte)
    ouvrir(secretaire, dossier, fils, accords=["ANI"], identifiant="jean.durand")
    assert Habilitation(compte).ouvre(dossier, "ANI")
    assert Compte.objects.filter(last_name="Durand").count() == 1


def test_fermer_ici_laisse_ouvert_le_dossier_d_un_autre(dossier, secretaire):
    compte, pere = CompteFactory(), DossierFactory()
    for d in (dossier, pere):
        acces_portail(compte, d, "ANI", qualite="PROCHE")
    fermer(secretaire, dossier, compte)
    assert not Habilitation(compte).ouvre(dossier, "ANI")
    assert Habilitation(compte).ouvre(pere, "ANI")


def test_la_date_de_fin_passe_l_acces_parmi_les_fermes(dossier, secretaire):
    compte = CompteFactory(first_name="Paul", last_name="Durand")
    acces_portail(compte, dossier, "ANI", qualite="PROCHE", fin=timezone.localdate())
    assert len(secretaire.get(adresse("portail", dossier)).context["ouverts"]) == 1
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        page = connecter(secretaire.compte).get(adresse("portail", dossier))
    assert (len(page.context["ouverts"]), len(page.context["fermes"])) == (0, 1)


# ------------------------------------------------------------------ un code perdu


def test_un_mot_de_passe_oublie_redonne_un_code(dossier, secretaire):
    compte = CompteFactory()
    acces_portail(compte, dossier, qualite="USAGER")
    reponse = demander_un_code(secretaire, dossier, compte, "mot_de_passe")
    assert activer(compte, code_montre(reponse)).status_code == 302
    assert Evenement.objects.filter(dossier=dossier, type="portail.code_remis").exists()


def test_un_telephone_perdu_retire_d_abord_toute_preuve(dossier, secretaire):
    compte = CompteFactory()
    acces_portail(compte, dossier, qualite="USAGER")
    demander_un_code(secretaire, dossier, compte, "second_facteur")
    compte.refresh_from_db()
    assert not compte.has_usable_password()


# ------------------------------------------------------------------ trois acteurs


@pytest.mark.parametrize("nom", ["portail", "ouvrir_personne", "ouvrir_contact", "fermer", "code"])
def test_qui_lit_sans_decider_n_ouvre_ni_ne_ferme_et_l_etrangere_ne_trouve_rien(
    nom, dossier, fille, en_tant_que
):
    acces = acces_portail(CompteFactory(), dossier, qualite="USAGER")[0].pk
    suite = {"ouvrir_contact": [fille.pk], "fermer": [acces], "code": [acces]}.get(nom, [])
    page = adresse(nom, dossier, *suite)
    methode = "post" if nom == "code" else "get"
    for role, ici, attendu in (
        ("SECRETAIRE", True, 404 if nom == "code" else 200),  # which code: the form says
        ("IDE", True, 200 if nom == "portail" else 403),
        ("AS", True, 403),
        ("SECRETAIRE", False, 404),
    ):
        client = en_tant_que(dossier if ici else DossierFactory(), role=role)
        assert getattr(client, methode)(page).status_code == attendu, (role, ici)


def test_l_infirmiere_lit_a_qui_c_est_ouvert_sans_aucun_bouton(dossier, fille, en_tant_que):
    acces_portail(CompteFactory(first_name="Isabelle"), dossier, qualite="USAGER")
    page = en_tant_que(dossier, role="IDE").get(adresse("portail", dossier))
    assertContains(page, "Isabelle")
    for mot in ("Fermer<", "Ouvrir<", "téléphone perdu"):
        assertNotContains(page, mot)


def test_l_acces_d_un_autre_dossier_ne_se_ferme_pas_par_celui_ci(dossier, secretaire):
    ailleurs = acces_portail(CompteFactory(), DossierFactory(), qualite="USAGER")[0]
    assert secretaire.get(adresse("fermer", dossier, ailleurs.pk)).status_code == 404


def test_une_derogation_de_professionnel_n_est_pas_un_acces_au_portail(dossier, secretaire):
    compte = CompteFactory(first_name="Docteur")
    acces_portail(compte, dossier, "TRA", qualite="")
    assertNotContains(secretaire.get(adresse("portail", dossier)), "Docteur")


def test_la_page_se_contente_de_quinze_requetes(dossier, secretaire):
    for rang in range(12):
        compte = CompteFactory(first_name=f"Proche {rang}")
        acces_portail(compte, dossier, "ANI", qualite="PROCHE")
        ContactFactory(dossier=dossier, nom=f"Contact {rang}", role="NOK")
    page = adresse("portail", dossier)
    secretaire.get(page)
    with CaptureQueriesContext(connection) as capture:
        secretaire.get(page)
    requetes = [q["sql"][:160] for q in capture if not re.match("SAVEPOINT|RELEASE", q["sql"])]
    assert len(requetes) <= 15, "\n".join(requetes)
