from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accompagnement.models import Absence, Lecture, Transmission
from dui.demonstration import monde, vitrine
from dui.demonstration.chargement import Chargeur, DejaDesDonnees
from dui.demonstration.lignes import MOT_DE_PASSE
from dui.demonstration.psc.professionnels import INCONNU, de_la_demonstration
from dui.socle import journal
from dui.socle.models import Brouillon, Compte, Dossier, EntreeJournal, Sejour, Usager
from habilitations.models import AccesNominatif, Affectation, IdentiteProfessionnelle, Role
from habilitations.politique import Habilitation
from soins.models import ActePlanifie, ActeRealise, Mesure
from soins.tours import listes
from soins.tours.regles import part_individuelle
from tests.demonstration.fabrique import PETITE
from tests.outils import connecter


@pytest.fixture(scope="module")
def charge(django_db_setup, django_db_blocker):
    """One small world for the whole module: the tests only read it."""
    with django_db_blocker.unblock():
        Chargeur(PETITE).charger()
        yield
        from dui.demonstration.chargement import vider

        vider()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("charge")]


def compte(identifiant):
    return Compte.objects.get(username=identifiant)


@pytest.mark.lent
def test_les_lignes_respectent_les_modeles():
    """COPY bypasses the models: validate a sample of each."""
    ecrits = (Usager, Dossier, Sejour, Transmission, Mesure, Absence, Affectation)
    for modele in (*ecrits, ActePlanifie, ActeRealise):
        lignes = list(modele._base_manager.order_by("pk")[:25])
        assert lignes, modele
        for ligne in lignes:
            ligne.clean_fields(exclude=["recherche"])
            ligne.validate_constraints()


def test_rien_n_est_dans_l_avenir():
    maintenant = timezone.now()
    assert not Transmission.objects.filter(ecrit_le__gt=maintenant).exists()
    assert not Transmission.objects.filter(survenu_le__gt=F("ecrit_le")).exists()
    assert not Mesure.objects.filter(mesuree_le__gt=maintenant).exists()
    assert not EntreeJournal.objects.filter(horodatage__gt=maintenant).exists()


def test_les_dernieres_vingt_quatre_heures_sont_pleines():
    depuis = timezone.now() - timedelta(hours=24)
    recentes = Transmission.objects.filter(ecrit_le__gte=depuis, unite__nom="Magnolia")
    assert recentes.count() > 15


def test_des_transmissions_importantes_attendent_claire():
    h = Habilitation(compte("claire.martin"))
    depuis = timezone.now() - timedelta(hours=48)
    a_lire = Transmission.objects.visibles(h).importantes().non_lues(h)
    assert a_lire.filter(ecrit_le__gte=depuis, unite__nom="Magnolia").count() >= 4
    assert Lecture.objects.exists()


def test_vingt_quatre_residents_a_magnolia_dont_deux_absents():
    presents = Sejour.objects.en_cours().filter(unite__nom="Magnolia")
    assert presents.count() == 24
    assert set(
        Absence.objects.en_cours()
        .filter(sejour__in=presents)
        .values_list("dossier__usager__nom_naissance", flat=True)
    ) >= {"HAMON", "NGUYEN"}


@pytest.mark.lent
def test_chaque_role_a_son_compte():
    portail = set(AccesNominatif.objects.values_list("qualite", flat=True))
    metiers = set(Affectation.objects.values_list("role", flat=True))
    assert set(Role.objects.values_list("code", flat=True)) - metiers - portail <= {"ASSISTANT_JUR"}


def test_la_psychologue_a_des_notes_que_l_infirmiere_ne_voit_pas():
    reservees = Transmission.objects.filter(reserve="psychologues")
    maud, claire = (Habilitation(compte(c)) for c in ("maud.tessier", "claire.martin"))
    assert reservees.visibles(maud).count() == reservees.count() == 2
    assert not reservees.visibles(claire).exists()


def test_les_deux_facteurs_d_un_compte_fonctionnent():
    claire = compte("claire.martin")
    assert claire.check_password(MOT_DE_PASSE)
    appareil = TOTPDevice.objects.get(user=claire)
    assert appareil.verify_token(vitrine.essai("claire.martin").code)


def test_le_portail_montre_sa_mere_a_isabelle_et_rien_d_autre():
    h = Habilitation(compte("isabelle.morel"))
    visibles = Dossier.objects.visibles(h, "ANI")
    assert [d.usager.nom_affiche for d in visibles] == ["DURAND Marie"]
    assert not Dossier.objects.visibles(h, "TRA").exists()


def test_le_fournisseur_local_connait_des_comptes_de_la_demonstration():
    emetteur = "http://127.0.0.1:8001/auth/realms/esante-wallet"
    connus = de_la_demonstration(emetteur)
    assert de_la_demonstration(emetteur) == connus  # à chaque démarrage
    declares = IdentiteProfessionnelle.objects.filter(emetteur=emetteur)
    assert {p["SubjectNameID"] for p in connus} - set(
        declares.values_list("identifiant_national", flat=True)
    ) == {INCONNU["SubjectNameID"]}
    claire = declares.get(compte__username="claire.martin")
    fiche = next(p for p in connus if p["SubjectNameID"] == claire.identifiant_national)
    [exercice] = fiche["SubjectRefPro"]["exercices"]
    [activite] = exercice["activities"]
    assert activite["raisonSocialeSite"] == "EHPAD Les Tilleuls"
    assert (
        Habilitation(claire.compte).affectations[0].etablissement.finess
        == (activite["numeroFinessSite"])
    )


def test_une_aide_soignante_ne_voit_que_son_unite():
    h = Habilitation(compte("nadia.bensaid"))
    unites = Sejour.objects.filter(dossier__in=Dossier.objects.visibles(h, "TRA"))
    assert set(unites.values_list("unite__nom", flat=True)) == {"Magnolia"}


def test_l_infirmiere_d_ailleurs_ne_voit_pas_les_tilleuls():
    h = Habilitation(compte("nicolas.gasnier"))
    assert not Dossier.objects.visibles(h, "TRA").filter(usager__nom_naissance="AUBERT").exists()


def test_les_brouillons_de_claire_se_reprennent():
    brouillons = Brouillon.objects.filter(compte=compte("claire.martin"))
    assert {b.dossier.usager.nom_naissance for b in brouillons} == {"DURAND", "AUBERT"}
    client = connecter(compte("claire.martin"))
    for brouillon in brouillons:
        page = client.get(brouillon.adresse_reprise)
        assert page.context["formulaire"]["donnees"].value() == brouillon.saisies["donnees"][0]


def test_le_journal_est_scelle_et_entier():
    assert EntreeJournal.objects.exists()
    assert journal.premiere_rupture() is None


def test_une_base_occupee_est_refusee():
    avant = Dossier.objects.count()
    with pytest.raises(DejaDesDonnees):
        Chargeur(PETITE).charger()
    with pytest.raises(CommandError, match="--remise-a-zero"):
        call_command("demonstration", verbosity=0)
    assert Dossier.objects.count() == avant


@pytest.mark.lent
def test_la_remise_a_zero_recommence_a_l_identique(monkeypatch):
    avant = list(Usager.objects.order_by("pk").values_list("pk", "nom_naissance", "prenoms"))
    monkeypatch.setitem(monde.TAILLES, "s", PETITE)
    call_command("demonstration", remise_a_zero=True, verbosity=0)
    assert (
        list(Usager.objects.order_by("pk").values_list("pk", "nom_naissance", "prenoms")) == avant
    )
    assert Role.objects.count() == 27


def test_la_commande_refuse_hors_demonstration(monkeypatch):
    monkeypatch.setenv("DUI_ENV", "production")
    with pytest.raises(ImproperlyConfigured, match="demo, dev ou test"):
        call_command("demonstration", verbosity=0)


# ---------------------------------------------------------------- the page of the accounts


def test_la_page_liste_les_comptes_par_maison_et_le_code_du_moment(client):
    page = client.get("/demo/").content.decode()
    for attendu in ("Claire Martin", "EHPAD Les Tilleuls", "IME Les Goélands", "Marie DURAND"):
        assert attendu in page or attendu.title() in page
    assert vitrine.essai("claire.martin").code in page
    assert MOT_DE_PASSE in page


def test_la_page_ne_coute_que_quelques_requetes(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        client.get("/demo/")


def test_entrer_ouvre_la_session_en_un_geste(client):
    claire = compte("claire.martin")
    reponse = client.post(f"/demo/{claire.pk}/entrer/")
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(claire.pk)


def test_un_compte_du_portail_entre_au_portail(client):
    isabelle = compte("isabelle.morel")
    assert client.post(f"/demo/{isabelle.pk}/entrer/").headers["Location"].startswith("/portail/")


def test_entrer_ne_se_fait_pas_par_un_lien(client):
    assert client.get(f"/demo/{compte('claire.martin').pk}/entrer/").status_code == 405


def test_un_compte_inconnu_n_entre_pas(client):
    assert client.post("/demo/999999/entrer/").status_code == 404


def test_la_page_n_existe_pas_hors_demonstration(client, monkeypatch):
    claire = compte("claire.martin")
    monkeypatch.setenv("DUI_ENV", "production")
    assert client.get("/demo/").status_code == 404
    assert client.post(f"/demo/{claire.pk}/entrer/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_moins_de_quinze_actes_sur_cent_demandent_un_geste_a_eux():
    """AC-08, sur un mois de tours."""
    realises = ActeRealise.objects.en_vigueur().order_by("pk")
    gestes = [r.ecart or listes.un_par_un(r.code) for r in realises]
    assert len(gestes) > 500
    assert 0 < part_individuelle(gestes) <= 0.15


def test_un_acte_n_est_jamais_fait_pendant_une_absence_ni_dans_l_avenir():
    realises = ActeRealise.objects.all()
    assert not realises.filter(ecrit_le__gt=timezone.now()).exists()
    parties = Absence.objects.reelles().filter(fin=None)
    for absence in parties:
        assert not realises.filter(dossier=absence.dossier, fait_le__gt=absence.debut).exists()
