from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from admission import lectures, services
from admission.importation.lecture import TAILLE_MAXIMALE
from admission.models import Importation
from dui.socle.models import Dossier, EntreeJournal
from tests.admission.conftest import Secretariat
from tests.admission.fichiers import bombe_declaree, csv, residents, xlsx
from tests.outils import connecter, jeton_de
from tests.socle.factories import EtablissementFactory

TITRES = ["Nom de naissance", "Prénoms", "Sexe", "Né(e) le", "Code INSEE naissance"]
MARIE = ["DURAND", "MARIE", "F", "12/05/1931", "69123"]
FAUSSE = ["PETIT", "ANNE", "F", "31/02/1931", "=cmd|x"]


@pytest.fixture
def client(secretariat):
    return secretariat.client


@pytest.fixture(autouse=True)
def sans_file(monkeypatch):
    """The queue runs the task at once: what a worker would do a moment later."""
    from admission.tasks import executer

    monkeypatch.setattr(executer, "apply_async", lambda args, **_: services.executer(*args))


def url(nom, objet=None):
    return reverse(f"admission:{nom}", args=[objet.pk] if objet else [])


def deposer(client, secretariat, fichier, nom="Résidents 2026.csv"):
    depose = SimpleUploadedFile(nom, fichier.getvalue())
    donnees = {"etablissement": secretariat.etablissement.pk, "fichier": depose}
    return client.post(url("importation_nouvelle"), donnees)


def choix(importation):
    return {f"colonne_{rang}": code for rang, code in importation.colonnes.items()}


def test_du_depot_au_resultat_sans_javascript(
    client, secretariat, django_capture_on_commit_callbacks
):
    assertContains(client.get(url("importations")), "Aucune liste importée")
    assertContains(client.get(url("importation_nouvelle")), "Déposer et vérifier les colonnes")

    reponse = deposer(client, secretariat, csv([TITRES, MARIE]))
    importation = Importation.objects.get()
    assertRedirects(reponse, url("correspondance", importation))

    page = client.get(url("correspondance", importation))
    assertContains(page, '<option value="nom_naissance" selected>')
    assertContains(page, "12/05/1931")

    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(url("correspondance", importation), choix(importation))
    page = client.get(url("importation", importation))
    assertContains(page, "Seraient créées")
    assert not Dossier.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("importer", importation), {})
    assertContains(client.get(url("importation", importation)), "Liste importée")
    assert Dossier.objects.get().usager.nom_affiche == "DURAND Marie"
    assertContains(client.get(url("importations")), "Résidents 2026.csv")


def test_les_lignes_rejetees_se_lisent_et_se_telechargent_sans_formule_active(client, secretariat):
    importation = secretariat.simuler(csv([TITRES, MARIE, FAUSSE]))
    page = client.get(url("importation", importation))
    assertContains(page, "La cellule contient une formule.")
    assertContains(page, "rien n’est importé, sauf")

    telecharge = client.get(url("rejets", importation))
    texte = telecharge.content.decode("utf-8-sig")
    assert telecharge["Content-Disposition"] == 'attachment; filename="lignes-rejetees.csv"'
    assert texte.splitlines()[0] == '"Ligne";"Colonne";"Valeur";"Raison";"Que faire"'
    assert '"\'=cmd|x"' in texte


@pytest.mark.lent
def test_un_fichier_refuse_le_dit_dans_le_formulaire(client, secretariat):
    reponse = deposer(client, secretariat, bombe_declaree(), "liste.xlsx")
    assertContains(reponse, "démesuré une fois décompressé", status_code=422)
    assertContains(client.post(url("importation_nouvelle"), {}), "Choisissez", status_code=422)
    assert not Importation.objects.exists()


def test_un_envoi_de_plus_de_25_mo_est_coupe_en_route(client, secretariat, settings):
    settings.FILE_UPLOAD_HANDLERS = [
        "dui.socle.televersement.Plafond",
        "django.core.files.uploadhandler.TemporaryFileUploadHandler",
    ]
    enorme = SimpleUploadedFile("liste.csv", b"a;b\n" * ((TAILLE_MAXIMALE + 2**21) // 4))
    donnees = {"etablissement": secretariat.etablissement.pk, "fichier": enorme}
    reponse = client.post(url("importation_nouvelle"), donnees)
    assertContains(reponse, "Le fichier dépasse 25 Mo.", status_code=422)
    assert not Importation.objects.exists()


def test_le_depot_exige_le_jeton(secretariat):
    strict = connecter(secretariat.compte, Client(enforce_csrf_checks=True))
    donnees = {
        "etablissement": secretariat.etablissement.pk,
        "fichier": SimpleUploadedFile("liste.csv", csv([TITRES, MARIE]).getvalue()),
    }
    refusee = strict.post(url("importation_nouvelle"), donnees)
    assert refusee.status_code != 302 or not Importation.objects.exists()
    assert not Importation.objects.exists()
    donnees["fichier"].seek(0)
    jetons = jeton_de(strict.get(url("importation_nouvelle")))
    strict.post(url("importation_nouvelle"), donnees | jetons)
    assert Importation.objects.exists()


def test_une_correspondance_fausse_revient_avec_ses_choix(client, secretariat):
    importation = secretariat.deposer(csv([TITRES, MARIE]))
    faux = choix(importation) | {"colonne_1": "nom_naissance"}
    reponse = client.post(url("correspondance", importation), faux)
    assertContains(reponse, "choisie pour plusieurs colonnes", status_code=422)
    assertContains(reponse, "« Prénoms de naissance », obligatoire", status_code=422)


def test_ce_qu_il_faut_verifier_dans_le_fichier_est_dit(client, secretariat):
    titres = [*TITRES, "Âge"]
    classeur = xlsx([titres, [*MARIE, 95]], autres_feuilles=["Sorties"])
    importation = secretariat.deposer(classeur, nom="liste.xlsx")
    page = client.get(url("correspondance", importation))
    assertContains(page, "les autres sont ignorées : « Sorties »")
    assertContains(page, "L’âge ne remplace pas la date de naissance.")


def test_la_progression_se_relit_et_se_rafraichit_sans_javascript(client, secretariat):
    importation = secretariat.deposer(csv([TITRES, MARIE]))
    h = secretariat.habilitation
    services.choisir_correspondance(h, importation.pk, colonnes_choisies=importation.colonnes)
    services.demander_import(h, importation.pk, en_file=False)
    Importation.objects.filter(pk=importation.pk).update(
        total=200, faites=50, rejetees=2, signe_le=timezone.now()
    )

    page = client.get(url("importation", importation))
    assertContains(page, '<meta http-equiv="refresh" content="3">')
    assertContains(page, "50 sur 200")
    assertContains(page, "lignes par seconde")
    fragment = client.get(url("avancement", importation))
    assertContains(fragment, 'data-termine="non"')
    assertNotContains(fragment, "<html")

    client.post(url("annuler", importation))
    services.executer(importation.pk)
    assertContains(client.get(url("avancement", importation)), 'data-termine="oui"')
    assertContains(client.get(url("importation", importation)), "Annulé : rien n’a été importé.")


def test_un_import_que_personne_n_execute_se_relance(
    client, secretariat, django_capture_on_commit_callbacks
):
    importation = secretariat.deposer(csv([TITRES, MARIE]))
    h = secretariat.habilitation
    services.choisir_correspondance(h, importation.pk, colonnes_choisies=importation.colonnes)
    services.demander_import(h, importation.pk, en_file=False)
    Importation.objects.filter(pk=importation.pk).update(demarree_le="2026-01-01T00:00:00Z")
    assertContains(client.get(url("importation", importation)), "file de travail ne répond pas")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("relancer", importation))
    assertContains(client.get(url("importation", importation)), "Liste importée")


def test_ce_qui_n_a_plus_de_sens_est_dit_sans_erreur(client, secretariat):
    importation = secretariat.importer(csv([TITRES, MARIE]))
    reponse = client.post(url("importer", importation), {}, follow=True)
    assertContains(reponse, "déjà en cours ou fini")
    assertRedirects(client.get(url("correspondance", importation)), url("importation", importation))


@pytest.mark.parametrize("nom", ["importation", "correspondance", "avancement", "rejets"])
def test_une_secretaire_d_ailleurs_ne_trouve_pas_l_import(secretariat, nom):
    importation = secretariat.simuler(csv([TITRES, MARIE]))
    etrangere = Secretariat(EtablissementFactory()).client
    assert etrangere.get(url(nom, importation)).status_code == 404
    assertNotContains(etrangere.get(url("importations")), importation.nom_fichier)


@pytest.mark.parametrize("nom", ["importer", "annuler", "relancer"])
def test_une_secretaire_d_ailleurs_ne_touche_pas_a_l_import(secretariat, nom):
    importation = secretariat.simuler(csv([TITRES, MARIE]))
    etrangere = Secretariat(EtablissementFactory()).client
    assert etrangere.post(url(nom, importation)).status_code == 404


def test_une_secretaire_ne_depose_pas_dans_un_autre_etablissement(client, secretariat):
    ailleurs = Secretariat(EtablissementFactory())
    assert deposer(client, ailleurs, csv([TITRES, MARIE])).status_code == 422
    assert not Importation.objects.exists()


@pytest.mark.parametrize("role", ["AS", "IDE", "DIRECTEUR"])
def test_qui_n_a_pas_le_droit_de_saisir_n_ouvre_rien(secretariat, en_tant_que, role):
    importation = secretariat.simuler(csv([TITRES, MARIE]))
    client = en_tant_que(role=role, etablissement=secretariat.etablissement)
    for adresse in (
        url("importations"),
        url("importation_nouvelle"),
        url("importation", importation),
    ):
        assert client.get(adresse).status_code == 403
    assert client.post(url("importer", importation)).status_code == 403
    assert EntreeJournal.objects.filter(action="refus", acteur=client.compte).count() == 4


def test_un_import_inconnu_n_existe_pas(client):
    assert client.get(reverse("admission:importation", args=[uuid4()])).status_code == 404


def test_la_liste_coute_autant_de_requetes_pour_un_import_que_pour_dix(
    client, secretariat, django_assert_max_num_queries
):
    for _ in range(10):
        secretariat.deposer(csv([TITRES, MARIE]))
    with django_assert_max_num_queries(15):
        client.get(url("importations"))


def test_le_rail_propose_d_importer_a_qui_le_peut(client, secretariat, en_tant_que):
    assertContains(client.get(url("importations")), "Importer")
    soignante = en_tant_que(role="AS", etablissement=secretariat.etablissement)
    assertNotContains(soignante.get("/brouillons/"), url("importations"))


def test_une_grande_liste_d_apercus_reste_courte(client, secretariat):
    importation = secretariat.deposer(csv(residents(200)))
    assertContains(client.get(url("correspondance", importation)), "R-00002")
    assertNotContains(client.get(url("correspondance", importation)), "R-00009")


def test_un_essai_termine_se_dit_termine_et_son_bouton_compte_les_personnes():
    importation = Importation(etat=Importation.Etat.SIMULEE, creees=2)
    importation.demandee_le = importation.deposee_le = timezone.now()
    assert lectures.travail(importation, {})["libelle"] == "Essai terminé"
    assert lectures.libelle_importer(importation) == "Importer 2 personnes"
