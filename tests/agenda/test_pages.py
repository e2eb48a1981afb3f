"""Les pages de l’agenda, des activités et des tournées : qui voit, qui écrit, ce qu’on y lit."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.asserts import assertContains, assertNotContains

from coordination.agenda import conflits
from coordination.models import FluxAgenda, Participation, RendezVous
from dui.socle import registres
from dui.socle.models import EntreeJournal
from tests.accompagnement.factories import AbsenceFactory
from tests.agenda.factories import DomicileFactory, RendezVousFactory, RessourceFactory, dans
from tests.habilitations.factories import AffectationFactory
from tests.outils import ClientVerifie, connecter, formulaire_de
from tests.socle.factories import DossierFactory, PlaceFactory, UniteFactory, UsagerFactory

pytestmark = pytest.mark.django_db
MAXIMUM = 15


@pytest.fixture
def unite():
    return UniteFactory()


@pytest.fixture
def marie(unite):
    place = PlaceFactory(unite=unite)
    return DossierFactory(usager=UsagerFactory(nom_naissance="DURAND"), sejour__place=place)


@pytest.fixture
def yves(unite):
    place = PlaceFactory(unite=unite)
    return DossierFactory(usager=UsagerFactory(nom_naissance="LE GOFF"), sejour__place=place)


def demain_a(heure):
    return f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}", heure


def saisie(**champs):
    return {
        "type": "consultation", "libelle": "Dr Petit", "jour": demain_a("")[0],
        "debut": "14:00", "fin": "14h45", "cle_saisie": str(uuid.uuid4()), "intervalle": "1",
    } | champs  # fmt: skip


# ------------------------------------------------------------------ one person


def test_planifier_depuis_le_dossier_puis_le_lire_partout(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    adresse = f"/dossiers/{marie.pk}/agenda/nouveau/"
    page = client.get(adresse)
    assert page.status_code == 200
    champs = formulaire_de(page, "")[1] | saisie(lieu="CH de Saumur")
    assert client.post(adresse, champs).status_code == 302
    r = RendezVous.objects.get()
    assert timezone.localtime(r.debut).hour == 14 and str(r.intervenants.get()) == str(
        client.compte.signature
    )
    jour = f"jour={timezone.localdate() + timedelta(days=1)}"
    for page in (
        f"/dossiers/{marie.pk}/agenda/?{jour}",
        f"/dossiers/{marie.pk}/agenda/imprimer/?{jour}",
        f"/agenda/?{jour}",
        f"/agenda/?vue=jour&{jour}",
        f"/agenda/?vue=mois&par=unite&{jour}",
        f"/agenda/imprimer/?{jour}",
        f"/agenda/{r.pk}/",
        f"/dossiers/{marie.pk}/",
    ):
        assertContains(client.get(page), "Dr Petit")


def test_trois_personnes_devant_un_rendez_vous(en_tant_que, marie):
    r = RendezVousFactory(dossiers=[marie], demain=True)
    ecrit, lit, etranger = (
        en_tant_que(marie, role="SECRETAIRE"),
        en_tant_que(marie, role="AS"),
        connecter(AffectationFactory(role="IDE").compte),
    )
    assert ecrit.get(f"/agenda/{r.pk}/modifier/").status_code == 200
    assertContains(lit.get(f"/agenda/{r.pk}/"), "DURAND")
    assertNotContains(lit.get(f"/agenda/{r.pk}/"), "Modifier")
    assert lit.get(f"/agenda/{r.pk}/modifier/").status_code == 403
    assert lit.post(f"/agenda/{r.pk}/annuler/", {"motif": "autre"}).status_code == 403
    for page in ("", "modifier/", "annuler/", "conclure/"):
        assert etranger.get(f"/agenda/{r.pk}/{page}").status_code == 404


def test_lire_un_rendez_vous_s_ecrit_au_journal_de_chaque_personne(en_tant_que, marie, yves):
    client = en_tant_que(marie, role="IDE")
    r = RendezVousFactory(dossiers=[marie, yves])
    client.get(f"/agenda/{r.pk}/")
    lus = EntreeJournal.objects.filter(cible="coordination:rendez_vous", dossier__isnull=False)
    assert set(lus.values_list("dossier", flat=True)) == {marie.pk, yves.pk}


def test_un_collegue_d_une_autre_unite_ne_lit_que_les_siens(en_tant_que, marie):
    autre = DossierFactory(
        usager=UsagerFactory(nom_naissance="INCONNU"),
        sejour__unite=UniteFactory(etablissement=marie.sejours.get().etablissement),
    )
    client = en_tant_que(marie, role="AS", portee="unite")
    r = RendezVousFactory(activite=True, dossiers=[marie, autre], demain=True)
    page = client.get(f"/agenda/{r.pk}/")
    assertContains(page, "1 personne dont le dossier ne vous est pas ouvert")
    assertNotContains(page, "INCONNU")


def test_ce_qui_est_deja_pris_se_dit_avant_d_enregistrer_sans_empecher(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    debut = timezone.localtime(dans(hours=24)).replace(hour=14, minute=0)
    RendezVousFactory(dossiers=[marie], debut=debut, libelle="Coiffeuse")
    AbsenceFactory(dossier=marie)
    adresse, champs = f"/dossiers/{marie.pk}/agenda/nouveau/", saisie()
    page = client.post(adresse, champs)
    assertContains(page, "Coiffeuse", status_code=422)
    assertContains(page, "Hospitalisation", status_code=422)
    assert RendezVous.objects.count() == 1
    empreinte = page.context["empreinte"]
    assert client.post(adresse, champs | {"malgre": "0" * 32}).status_code == 422
    assert client.post(adresse, champs | {"malgre": empreinte}).status_code == 302
    assert RendezVous.objects.count() == 2


def test_une_fin_avant_le_debut_se_refuse_en_activite_et_se_dit_le_lendemain_ailleurs(
    en_tant_que, marie
):
    heures = {"debut": "14:00", "fin": "13:00"}
    client = en_tant_que(marie, role="ANIMATEUR")
    champs = saisie(type="creative", participants=str(marie.pk), **heures)
    page = client.post("/activites/nouvelle/", champs)
    assert list(page.context["formulaire"].errors) == ["fin"] and page.status_code == 422
    client = en_tant_que(marie, role="IDE")
    page = client.post(f"/dossiers/{marie.pk}/agenda/nouveau/", saisie(**heures), follow=True)
    assertContains(page, "de 14:00 à 13:00 le lendemain")
    assertContains(client.get(f"/agenda/{RendezVous.objects.get().pk}/"), "13:00 le lendemain")


def test_renvoyer_d_autres_mots_par_le_bouton_retour_ne_les_perd_pas(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    adresse, champs = f"/dossiers/{marie.pk}/agenda/nouveau/", saisie(commentaire="À jeun")
    for _ in range(2):  # a double click is one
        assert client.post(adresse, champs).status_code == 302
    assert RendezVous.objects.count() == 1
    change = champs | {"commentaire": "Apporter les radios"}
    page = client.post(adresse, change)
    assertContains(page, "ceci n’est pas enregistré", status_code=422)
    assertContains(page, "Apporter les radios", status_code=422)
    change["cle_saisie"] = formulaire_de(page, "")[1]["cle_saisie"]
    page = client.post(adresse, change)
    client.post(adresse, change | {"malgre": page.context["empreinte"]})
    assert RendezVous.objects.filter(commentaire="Apporter les radios").exists()


def test_une_salle_prise_empeche_meme_en_insistant(en_tant_que, marie):
    client, maison = en_tant_que(marie, role="IDE"), marie.sejours.get().etablissement
    salon = RessourceFactory(etablissement=maison)
    debut = timezone.localtime(dans(hours=24)).replace(hour=14, minute=0)
    pris = RendezVousFactory(etablissement=maison, debut=debut)
    pris.reservations.create(ressource=salon, debut=pris.debut, fin=pris.fin)
    champs = saisie(ressources=str(salon.pk))
    page = client.post(f"/dossiers/{marie.pk}/agenda/nouveau/", champs)
    assertContains(page, "choisissez-en un autre", status_code=422)
    insiste = champs | {"malgre": page.context["empreinte"]}
    assert client.post(f"/dossiers/{marie.pk}/agenda/nouveau/", insiste).status_code == 422


def test_une_repetition_se_planifie_se_change_et_s_annule_par_les_pages(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    fin = f"{timezone.localdate() + timedelta(days=24):%d/%m/%Y}"
    adresse = f"/dossiers/{marie.pk}/agenda/nouveau/"
    sans_fin = client.post(adresse, saisie(repeter="semaine"))
    assertContains(sans_fin, "Dites jusqu’à quand", status_code=422)
    client.post(adresse, saisie(repeter="semaine", jusqu_au=fin))
    assert RendezVous.objects.count() == 4
    premier = RendezVous.objects.dans_l_ordre()[0]
    assertContains(client.get(f"/agenda/{premier.pk}/"), "toutes les semaines")
    page = client.get(f"/agenda/{premier.pk}/modifier/")
    champs = formulaire_de(page, "")[1] | {"lieu": "Cabinet", "portee": "toutes"}
    assert client.post(f"/agenda/{premier.pk}/modifier/", champs).status_code == 302
    assert set(RendezVous.objects.values_list("lieu", flat=True)) == {"Cabinet"}
    conflit = client.post(f"/agenda/{premier.pk}/modifier/", champs | {"lieu": "Ailleurs"})
    assertContains(conflit, "changé entre-temps", status_code=409)
    client.post(f"/agenda/{premier.pk}/annuler/", {"motif": "report", "portee": "suite"})
    assert set(RendezVous.objects.values_list("statut", flat=True)) == {"ANNULE"}
    copie = client.get(f"/dossiers/{marie.pk}/agenda/nouveau/?copie={premier.pk}")
    assertContains(copie, "Cabinet")


# ------------------------------------------------------------------ activities


def test_une_activite_de_sa_planification_au_compte_rendu(en_tant_que, marie, yves):
    client = en_tant_que(marie, role="ANIMATEUR")
    page = client.get("/activites/nouvelle/")
    assertContains(page, "LE GOFF")
    hier = f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}"
    champs = saisie(type="creative", libelle="", jour=hier, pro_1=str(client.compte.pk))
    vide = client.post("/activites/nouvelle/", champs)
    assertContains(vide, "Cochez au moins une personne", status_code=422)
    champs["participants"] = [str(marie.pk), str(yves.pk)]
    assert client.post("/activites/nouvelle/", champs).status_code == 302
    r = RendezVous.objects.get()
    assert r.libelle == "Atelier créatif"
    jour = f"?jour={timezone.localdate() - timedelta(days=1)}"
    assertContains(client.get(f"/activites/{jour}"), "2 inscrits")
    assertContains(client.get(f"/activites/imprimer/{jour}"), "LE GOFF")
    page = client.get(f"/agenda/{r.pk}/conclure/")
    champs = formulaire_de(page, "")[1] | {"compte_rendu": "Aquarelle."}
    absent = Participation.objects.get(dossier=yves)
    champs |= {f"presence_{absent.pk}": "refusee", f"note_{absent.pk}": "Fatigué."}
    assert client.post(f"/agenda/{r.pk}/conclure/", champs).status_code == 302
    assertContains(client.get(f"/activites/{jour}"), "1 présent sur 2")
    assertContains(client.get(f"/agenda/{r.pk}/"), "Aquarelle.")


def test_la_journee_se_valide_en_deux_clics(en_tant_que, marie, yves):
    client = en_tant_que(marie, role="EDUCATEUR")
    seances = [RendezVousFactory(activite=True, dossiers=[marie, yves], debut=dans(minutes=-5))
               for _ in range(3)]  # fmt: skip
    page = client.get(f"/activites/?jour={timezone.localdate(seances[0].debut)}")
    adresse, champs = formulaire_de(page, "/activites/valider/")
    assert client.post(adresse, champs).status_code == 302
    assert RendezVous.objects.filter(statut="REALISE").count() == 3
    lecteur = en_tant_que(marie, role="AS")
    ids = {"rendez_vous": [str(s.pk) for s in seances]}
    assert lecteur.post("/activites/valider/", ids).status_code == 403


def test_un_objectif_d_un_autre_bloc_se_choisit_par_le_registre(en_tant_que, marie, monkeypatch):
    liste = registres.ListeObjectifs(
        "essai", lambda h, dossier: [("projet:1", "Sortir de sa chambre")], "PP"
    )
    monkeypatch.setitem(registres.listes_objectifs._entrees, "essai", liste)
    client, r = en_tant_que(marie, role="EDUCATEUR"), RendezVousFactory(dossiers=[marie])
    page = client.get(f"/agenda/{r.pk}/conclure/")
    assertContains(page, "Sortir de sa chambre")
    champs = formulaire_de(page, "")[1] | {"objectif": "projet:1"}
    assert client.post(f"/agenda/{r.pk}/conclure/", champs).status_code == 302
    assert Participation.objects.get().objectif == "projet:1"


# ------------------------------------------------------------------ calendar outside


def test_le_calendrier_ne_dit_ni_qui_ni_pourquoi(en_tant_que, marie):
    client, maison = en_tant_que(marie, role="IDE"), marie.sejours.get().etablissement
    salon = RessourceFactory(etablissement=maison, nom="Salon, bleu")
    r = RendezVousFactory(
        dossiers=[marie], comptes=[client.compte], demain=True, lieu="Oncologie",
        libelle="Chimiothérapie de Mme DURAND", commentaire="À jeun",
    )  # fmt: skip
    r.reservations.create(ressource=salon, debut=r.debut, fin=r.fin)
    client.post("/agenda/abonnement/")
    adresse = client.get("/agenda/abonnement/").context["adresse"].removeprefix("http://testserver")
    jeton = adresse.rpartition("/")[2].removesuffix(".ics")
    assert jeton not in str(FluxAgenda.objects.values()) and len(jeton) >= 43
    assertNotContains(client.get("/agenda/abonnement/"), jeton)
    dehors = ClientVerifie()
    reponse = dehors.get(adresse)
    texte = reponse.content.decode()
    assert reponse["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Rendez-vous\r\n" in texte and "LOCATION:Salon\\, bleu\r\n" in texte
    for secret in ("DURAND", "Chimio", "Oncologie", "jeun", str(marie.pk)):
        assert secret not in texte
    inchange = dehors.get(adresse, headers={"if-none-match": reponse["ETag"]})
    assert inchange.status_code == 304 and not inchange.content
    client.post("/agenda/abonnement/", {"geste": "fermer"})
    assert dehors.get(adresse).status_code == 404


def test_un_compte_ferme_ou_parti_n_a_plus_de_calendrier(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    client.post("/agenda/abonnement/")
    adresse = client.get("/agenda/abonnement/").context["adresse"].removeprefix("http://testserver")
    client.compte.affectations.get().delete()
    assert ClientVerifie().get(adresse).status_code == 404
    assert ClientVerifie().get("/agenda/flux/inconnu.ics").status_code == 404


# ------------------------------------------------------------------ elsewhere


def test_la_personne_voit_ses_rendez_vous_sur_le_portail(sur_le_portail, marie, yves):
    atelier = RendezVousFactory(
        activite=True, dossiers=[marie, yves], demain=True, commentaire="interne"
    )
    RendezVousFactory(dossiers=[yves], demain=True, libelle="Secret")
    page = sur_le_portail(marie).get(f"/portail/{marie.pk}/")
    texte = page.content.decode()
    jour = date_format(timezone.localtime(atelier.debut), "l j F").capitalize()
    assert texte.index(jour) < texte.index("Atelier peinture")  # the day first, then the hour
    for autre in ("LE GOFF", "Secret", "interne"):
        assertNotContains(page, autre)


def test_la_journee_est_sur_l_accueil(en_tant_que, marie):
    client = en_tant_que(marie, role="IDE")
    RendezVousFactory(dossiers=[marie], comptes=[client.compte], debut=dans(minutes=-1))
    assertContains(client.get("/"), "Dr Petit, cardiologue")


@pytest.mark.lent
def test_les_pages_coutent_autant_avec_trente_qu_avec_trois(en_tant_que, marie, unite):
    client = en_tant_que(marie, role="IDEC")
    DomicileFactory(dossier=marie)
    jour = f"jour={timezone.localdate()}"
    une = RendezVousFactory(dossiers=[marie], comptes=[client.compte], debut=dans(minutes=-2))
    pages = [
        f"/agenda/?par=unite&{jour}", f"/agenda/?vue=mois&{jour}", f"/activites/?{jour}",
        f"/tournee/?{jour}", f"/tournees/?{jour}", f"/dossiers/{marie.pk}/agenda/?{jour}", "/",
        "/agenda/nouveau/", f"/dossiers/{marie.pk}/", f"/agenda/{une.pk}/",
        f"/agenda/{une.pk}/modifier/", f"/agenda/{une.pk}/conclure/",
    ]  # fmt: skip

    def cout():
        trouves = {}
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(page).status_code == 200
            trouves[page] = len([r for r in requetes if "SAVEPOINT" not in r["sql"]])
        return trouves

    def peupler(nombre):
        for _ in range(nombre):
            dossiers = [marie, DossierFactory(sejour__unite=unite)]
            RendezVousFactory(activite=True, dossiers=dossiers, debut=dans(minutes=-2))
            RendezVousFactory(dossiers=dossiers, comptes=[client.compte], debut=dans(minutes=-2))
            RendezVousFactory(
                visite=True, dossiers=[marie], comptes=[client.compte], debut=dans(minutes=-2)
            )

    peupler(3)
    peu = cout()
    peupler(12)
    assert cout() == peu
    assert max(peu.values()) <= MAXIMUM, peu


def test_le_meme_rendez_vous_envoye_deux_fois_a_la_fois_n_est_pas_en_conflit_avec_lui_meme(
    en_tant_que, marie, monkeypatch
):
    """Le second envoi cherche les conflits quand le premier vient d’enregistrer."""
    client = en_tant_que(marie, role="IDE")
    adresse = f"/dossiers/{marie.pk}/agenda/nouveau/"
    demain = f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"
    saisie = {"type": "consultation", "jour": demain, "debut": "14:00", "fin": "14:45"}
    champs = formulaire_de(client.get(adresse))[1] | saisie
    chercher, premier = conflits.chercher, []

    def chercher_apres_le_premier(*args, **kwargs):
        if not premier:
            premier.append(None)
            premier[0] = client.post(adresse, champs).status_code
        return chercher(*args, **kwargs)

    monkeypatch.setattr(conflits, "chercher", chercher_apres_le_premier)
    assert client.post(adresse, champs).status_code == 302
    assert premier == [302] and RendezVous.objects.count() == 1
