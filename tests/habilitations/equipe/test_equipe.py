"""« Équipe » : un cadre ouvre, prête, termine et redonne un accès, dans sa règle et pas au-delà."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains

from dui.socle.models import EntreeJournal, Evenement
from habilitations.equipe import lectures, services
from habilitations.equipe.regles import attributions
from habilitations.models import (
    Activation,
    Affectation,
    CleAcces,
    CodePersonnel,
    PassageAuPoste,
    Role,
)
from habilitations.moyens.postes import choisir_le_code
from habilitations.politique import Habilitation
from tests.habilitations.connexion import (
    appareil,
    code_de,
    plus_tard,
    poster,
    se_connecter,
)
from tests.habilitations.equipe.gestes import activer, ajouter, code_montre, remplir
from tests.habilitations.factories import AffectationFactory, PosteDeTravailFactory
from tests.outils import ClientVerifie, connecter, formulaire_de
from tests.socle.factories import UniteFactory

pytestmark = pytest.mark.django_db
Compte = get_user_model()


# ------------------------------------------------------------------ un remplaçant


def test_un_cadre_ouvre_le_compte_d_un_remplacant_en_une_page(cadre, unite):
    reponse = ajouter(cadre, unite)
    compte = Compte.objects.get(username="lila.dalmeida")
    affectation = Affectation.objects.get(compte=compte)
    assert (affectation.role_id, affectation.unite, affectation.portee) == ("AS", unite, "unite")
    assert affectation.debut == timezone.localdate()
    assert affectation.fin == timezone.localdate() + timedelta(days=7)
    assert not compte.has_usable_password()
    assertContains(reponse, "lila.dalmeida")
    assert code_montre(reponse)
    activation = Activation.objects.get(compte=compte)
    assert activation.donnee_par == cadre.compte
    assert code_montre(reponse).replace("-", "") not in activation.empreinte


def test_l_acte_a_son_auteur_sa_trace_et_son_evenement(cadre, unite):
    ajouter(cadre, unite)
    affectation = Affectation.objects.get(compte__username="lila.dalmeida")
    assert affectation.history.get().history_user == cadre.compte
    trace = EntreeJournal.objects.get(action="habilitation")
    assert (trace.acteur, trace.bloc, trace.contexte["role"]) == (cadre.compte, "PAR", "AS")
    evenement = Evenement.objects.get(type="compte.ouvert")
    assert evenement.charge["compte"] == affectation.compte_id


def test_le_compte_se_ferme_seul_le_lendemain_de_la_fin(cadre, unite):
    ajouter(cadre, unite)
    compte = Compte.objects.get(username="lila.dalmeida")
    with plus_tard(days=7):
        assert Habilitation(compte).professionnel
    with plus_tard(days=8):
        assert not Habilitation(compte).professionnel


def test_deux_clics_sont_un_seul_compte_et_le_dernier_code_sert(cadre, unite):
    adresse, donnees = remplir(cadre, unite)
    premier, second = cadre.post(adresse, donnees), cadre.post(adresse, donnees)
    compte = Compte.objects.get(username="lila.dalmeida")
    assert Affectation.objects.filter(compte=compte).count() == 1
    assert activer(compte, code_montre(premier)).status_code == 422
    assert activer(compte, code_montre(second)).status_code == 302


def test_la_cle_d_une_autre_affectation_ne_donne_pas_de_code(cadre, unite, soignante):
    """Sinon, connaître une adresse de la page suffirait à prendre le compte de quelqu’un."""
    chef = AffectationFactory(role="MEDCO", etablissement=unite.etablissement)
    for autre in (chef, soignante):
        reponse = ajouter(cadre, unite, cle=str(autre.pk))
        assertContains(reponse, "déjà créé", status_code=422)
    assert not Activation.objects.exists()


@pytest.mark.parametrize("fin", ["", "01/01/2020", "31/12/2099"])
def test_un_remplacement_a_une_fin_et_ne_dure_pas_toujours(cadre, unite, fin):
    reponse = ajouter(cadre, unite, fin=fin)
    assert reponse.status_code == 422
    assert not Compte.objects.filter(username="lila.dalmeida").exists()


def test_deux_personnes_du_meme_nom_ont_deux_comptes_apres_confirmation(cadre, unite, soignante):
    noms = {"prenom": "nadia", "nom": "BENSAÏD"}
    reponse = ajouter(cadre, unite, **noms)
    assertContains(reponse, "une personne, un seul compte", status_code=422)
    assertContains(reponse, f"/equipe/{soignante.compte_id}/affectation/", status_code=422)
    assert ajouter(cadre, unite, **noms, autre_personne="on").status_code == 200
    assert ajouter(cadre, unite, **noms, autre_personne="on").status_code == 200
    identifiants = Compte.objects.filter(username__startswith="nadia.bensaid")
    assert set(identifiants.values_list("username", flat=True)) == {
        "nadia.bensaid",
        "nadia.bensaid2",
    }


# ------------------------------------------------------------------ la règle


def test_la_regle_ne_cite_que_des_roles_de_professionnels_qui_existent():
    citees = set(attributions()) | {r for a in attributions().values() for r in a.roles}
    roles = Role.objects.filter(pk__in=citees)
    assert {r.pk for r in roles} == citees
    assert not roles.filter(acteur=Role.Acteur.PORTAIL).exists()


def test_qui_administre_a_une_regle_et_personne_d_autre():
    """Une attribution sans droit, ou un droit sans attribution, serait un oubli."""
    titulaires = Role.objects.filter(droits__bloc="PAR", droits__action="administrer")
    assert set(titulaires.values_list("pk", flat=True)) == set(attributions())


@pytest.mark.parametrize("role", ["DIRECTEUR", "MEDCO", "ADMIN_SI", "DPO", "USAGER"])
def test_un_cadre_ne_donne_jamais_un_role_au_dessus_du_sien(cadre, unite, soignante, role):
    assert ajouter(cadre, unite, role=role).status_code == 422
    with pytest.raises(PermissionDenied):
        services.deleguer(
            cadre.habilitation,
            soignante.compte,
            cle=uuid.uuid4(),
            role=Role.objects.get(pk=role),
            lieu=(unite.etablissement_id, unite.pk),
            debut=timezone.localdate(),
            fin=timezone.localdate(),
        )
    assert Affectation.objects.count() == 2


def test_un_cadre_ne_donne_rien_dans_un_autre_etablissement(cadre, unite):
    ailleurs = UniteFactory()
    assert ajouter(cadre, unite, lieu=f"unite:{ailleurs.pk}").status_code == 422
    with pytest.raises(PermissionDenied):
        services.ajouter_remplacant(
            cadre.habilitation,
            cle=uuid.uuid4(),
            prenom="Lila",
            nom="Roy",
            role=Role.objects.get(pk="AS"),
            lieu=(ailleurs.etablissement_id, ailleurs.pk),
            debut=timezone.localdate(),
            fin=timezone.localdate(),
        )
    assert not Compte.objects.filter(username="lila.roy").exists()


def test_un_cadre_d_unite_ne_donne_que_son_unite(unite):
    voisine = UniteFactory(etablissement=unite.etablissement)
    affectation = AffectationFactory(role="IDEC", unite=unite, portee="unite")
    client = connecter(affectation.compte)
    h = Habilitation(affectation.compte)
    assert [lieu.valeur for lieu in lectures.lieux_donnables(h)] == [f"unite:{unite.pk}"]
    assert ajouter(client, unite, lieu=f"unite:{voisine.pk}").status_code == 422
    assert ajouter(client, unite, lieu=f"etablissement:{unite.etablissement_id}").status_code == 422
    assert ajouter(client, unite).status_code == 200


def test_personne_ne_se_donne_un_role_a_soi_meme(cadre, unite):
    adresse = f"/equipe/{cadre.compte.pk}/affectation/"
    champs = {"role": "IDE", "lieu": f"unite:{unite.pk}"}
    reponse = cadre.post(adresse, formulaire_de(cadre.get(adresse))[1] | champs)
    assertContains(reponse, "Personne ne se donne un rôle", status_code=422)
    assert EntreeJournal.objects.filter(action="refus", bloc="PAR").exists()
    assert Affectation.objects.filter(compte=cadre.compte).count() == 1


# ------------------------------------------------------------------ trois acteurs, chaque page


PAGES = [
    "/equipe/",
    "/equipe/remplacant/",
    "/equipe/{compte}/",
    "/equipe/{compte}/affectation/",
    "/equipe/affectations/{affectation}/terminer/",
]
ACTES = [
    "/equipe/{compte}/acces/",
    "/equipe/{compte}/activite/",
    "/equipe/{compte}/debloquer/",
]


def adresses(modeles, affectation):
    return [m.format(compte=affectation.compte_id, affectation=affectation.pk) for m in modeles]


def test_le_cadre_ouvre_chaque_page(cadre, soignante):
    for adresse in adresses(PAGES, soignante):
        assert cadre.get(adresse).status_code == 200, adresse


def test_sans_le_droit_chaque_page_se_refuse_et_se_note(unite, soignante):
    client = connecter(AffectationFactory(role="IDE", etablissement=unite.etablissement).compte)
    for adresse in adresses(PAGES, soignante):
        assert client.get(adresse).status_code == 403, adresse
    for adresse in adresses(ACTES, soignante):
        assert client.post(adresse, {"motif": "mot_de_passe"}).status_code == 403, adresse
    assert EntreeJournal.objects.filter(action="refus", bloc="PAR").count() == 8


def test_le_cadre_d_ailleurs_ne_trouve_pas_la_personne(soignante):
    client = connecter(AffectationFactory(role="IDEC").compte)
    assertNotContains(client.get("/equipe/"), "Bensaïd")
    for adresse in adresses(PAGES[2:], soignante):
        assert client.get(adresse).status_code == 404, adresse
    for adresse in adresses(ACTES, soignante):
        assert client.post(adresse, {"motif": "mot_de_passe"}).status_code == 404, adresse


def test_un_compte_du_portail_n_entre_pas(soignante, sur_le_portail):
    from tests.socle.factories import DossierFactory

    client = sur_le_portail(DossierFactory())
    for adresse in adresses(PAGES, soignante):
        assert client.get(adresse).status_code == 404, adresse


def test_la_liste_coute_autant_pour_trois_que_pour_trente(cadre, unite, soignante):
    def cout():
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            assert cadre.get("/equipe/").status_code == 200
        return len(requetes)

    avec_une = cout()
    AffectationFactory.create_batch(30, role="AS", unite=unite, portee="unite")
    assert cout() == avec_une <= 15


# ------------------------------------------------------------------ la suite d’un accès


def test_une_delegation_ajoute_une_affectation_datee(cadre, unite, soignante):
    adresse = f"/equipe/{soignante.compte_id}/affectation/"
    donnees = formulaire_de(cadre.get(adresse))[1]
    donnees |= {"role": "IDE", "lieu": f"unite:{unite.pk}"}
    for _ in range(2):
        assert cadre.post(adresse, donnees).status_code == 302
    ajoutee = Affectation.objects.get(compte=soignante.compte, role="IDE")
    assert ajoutee.fin == timezone.localdate() + timedelta(days=7)
    assert Habilitation(soignante.compte).roles == {"AS", "IDE"}


def test_une_delegation_de_cadre_a_toujours_une_fin(cadre, unite, soignante):
    adresse = f"/equipe/{soignante.compte_id}/affectation/"
    donnees = formulaire_de(cadre.get(adresse))[1]
    donnees |= {"role": "IDE", "lieu": f"unite:{unite.pk}", "fin": ""}
    assertContains(cadre.post(adresse, donnees), "Dites jusqu’à quand", status_code=422)


def test_terminer_ferme_le_soir_meme(cadre, soignante):
    adresse = f"/equipe/affectations/{soignante.pk}/terminer/"
    assert cadre.post(*formulaire_de(cadre.get(adresse))).status_code == 302
    assert Habilitation(soignante.compte).professionnel
    with plus_tard(days=1):
        assert not Habilitation(soignante.compte).professionnel
    assert soignante.history.count() == 2


def test_terminer_ne_repousse_jamais_une_fin(cadre, soignante):
    soignante.fin = timezone.localdate() + timedelta(days=3)
    soignante.save()
    adresse = f"/equipe/affectations/{soignante.pk}/terminer/"
    donnees = formulaire_de(cadre.get(adresse))[1] | {"fin": "31/12/2099"}
    assert cadre.post(adresse, donnees).status_code == 422


def test_suspendre_ferme_tout_de_suite_puis_se_retablit(cadre, soignante):
    client = ClientVerifie()
    se_connecter(client, soignante.compte)
    assert client.get("/residents/").status_code == 200
    adresse = f"/equipe/{soignante.compte_id}/activite/"
    page = cadre.get(f"/equipe/{soignante.compte_id}/")
    assert cadre.post(*formulaire_de(page, adresse)).status_code == 302
    assert client.get("/residents/").status_code == 302
    page = cadre.get(f"/equipe/{soignante.compte_id}/")
    assert cadre.post(*formulaire_de(page, adresse)).status_code == 302
    assert client.get("/residents/").url.startswith("/connexion/")  # sa session est bien finie
    assert Habilitation(Compte.objects.get(pk=soignante.compte_id)).professionnel


@pytest.mark.parametrize("role", ["MEDCO", "ADMIN_SI", "DIRECTEUR"])
def test_un_cadre_n_agit_pas_sur_la_connexion_de_plus_haut_que_lui(cadre, unite, role):
    """Redonner un accès, c’est pouvoir le prendre."""
    chef = AffectationFactory(role=role, etablissement=unite.etablissement)
    AffectationFactory(compte=chef.compte, role="AS", etablissement=unite.etablissement)
    actes = ({"motif": "second_facteur"}, {"acte": "suspendre"}, {})
    for adresse, acte in zip(adresses(ACTES, chef), actes, strict=True):
        assert cadre.post(adresse, acte).status_code == 403
    assert not Activation.objects.exists()
    assert EntreeJournal.objects.filter(action="refus", bloc="PAR").count() == 3


def test_un_cadre_n_agit_ni_sur_lui_meme_ni_sur_un_superutilisateur(cadre, soignante):
    assert not lectures.repond_de(cadre.habilitation, cadre.compte)
    assert lectures.repond_de(cadre.habilitation, soignante.compte)
    soignante.compte.is_superuser = True
    assert not lectures.repond_de(cadre.habilitation, soignante.compte)


def test_un_mot_de_passe_oublie_ne_leve_pas_le_second_facteur(cadre, soignante):
    telephone = appareil(soignante.compte)
    page = cadre.get(f"/equipe/{soignante.compte_id}/")
    adresse = f"/equipe/{soignante.compte_id}/acces/"
    reponse = cadre.post(adresse, formulaire_de(page, adresse)[1] | {"motif": "mot_de_passe"})
    client = ClientVerifie()
    suite = activer(soignante.compte, code_montre(reponse), client)
    assertNotContains(client.get(suite.url), "code remis par")  # who holds the code knows
    assert TOTPDevice.objects.get(user=soignante.compte) == telephone
    assert client.get("/residents/").url.startswith("/connexion/")  # le mot de passe ne suffit pas
    assert client.get("/connexion/enrolement/").status_code == 302  # pas d’autre téléphone
    assert poster(client, suite.url, code="000000").status_code == 422
    with plus_tard(minutes=1):  # un échec ralentit l’essai suivant
        assert poster(client, suite.url, code=code_de(telephone)).status_code == 302


def test_un_second_facteur_perdu_ne_laisse_que_le_code(cadre, soignante):
    appareil(soignante.compte)
    CleAcces.objects.create(compte=soignante.compte, nom="Clé", identifiant=b"1", donnees=b"x")
    choisir_le_code(soignante.compte, "481957")
    poste = PosteDeTravailFactory(etablissement=soignante.etablissement)
    poste.passages.create(compte=soignante.compte)
    ouverte = connecter(soignante.compte)
    page = cadre.get(f"/equipe/{soignante.compte_id}/")
    adresse = f"/equipe/{soignante.compte_id}/acces/"
    reponse = cadre.post(adresse, formulaire_de(page, adresse)[1] | {"motif": "second_facteur"})
    assert not TOTPDevice.objects.filter(user=soignante.compte).exists()
    for modele in (CleAcces, CodePersonnel, PassageAuPoste):  # each of them signs in
        assert not modele.objects.filter(compte=soignante.compte).exists()
    assert ouverte.get("/residents/").status_code == 302
    client = ClientVerifie()
    suite = activer(soignante.compte, code_montre(reponse), client)
    assert suite.url == "/connexion/code/"
