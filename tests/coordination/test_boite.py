"""« Transmettre à… », « Ma boîte », « Pour moi » : qui reçoit, qui lit, ce qui sort."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination.boite import services
from coordination.models import PreferenceNotification
from dui.socle import sortants, taches
from dui.socle.models import EntreeJournal, MessageSortant, Tache
from habilitations import destinataires
from tests.coordination.factories import EvenementFactory
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory
from tests.taches.factories import TacheFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def maison(dossier):
    return dossier.sejours.get().etablissement


@pytest.fixture
def client_de(en_tant_que, dossier):
    return lambda role="IDE", ou=dossier, **champs: en_tant_que(ou, role=role, **champs)


def transmettre(h, dossier, valeur, maison, **champs):
    a = destinataires.lire(valeur, maison)
    champs = {"titre": "Rappeler sa fille", "cle_saisie": uuid.uuid4()} | champs
    return services.transmettre(h, dossier, a=a, **champs)


def test_un_message_se_garde_dans_le_premier_bloc_que_lisent_les_deux(client_de, dossier, maison):
    h = client_de().habilitation
    blocs = {}
    for role in ("AS", "SECRETAIRE"):
        compte = client_de(role).compte
        blocs[role] = transmettre(h, dossier, f"compte:{compte.pk}", maison).bloc
    assert blocs == {"AS": "TRA", "SECRETAIRE": "AGE"}


def test_personne_ne_recoit_ce_qu_il_ne_lirait_pas(client_de, dossier, maison):
    h, hors_equipe = client_de().habilitation, client_de("AS", portee="equipe").compte
    hors_equipe.affectations.first()
    from habilitations.models import MembreEquipe

    MembreEquipe.objects.filter(compte=hors_equipe).delete()
    ailleurs = client_de(ou=DossierFactory()).compte
    for compte in (hors_equipe, ailleurs):
        with pytest.raises(ValidationError, match="destinataire"):
            transmettre(h, dossier, f"compte:{compte.pk}", maison)
    with pytest.raises(ValidationError, match="destinataire"):
        transmettre(h, dossier, "fonction:COMPTA", maison, bloc="TRA")
    assert not Tache.objects.exists()


def test_le_courriel_part_a_qui_l_a_demande_et_ne_dit_rien(
    client_de, dossier, maison, settings, mailoutbox
):
    settings.EMAIL_HOST = "localhost"
    h, medecin = client_de().habilitation, client_de("MEDCO").compte
    medecin.email = "medecin@example.org"
    medecin.save()
    for demande in (False, True):
        PreferenceNotification.objects.update_or_create(
            compte=medecin, defaults={"courriel": demande}
        )
        transmettre(h, dossier, f"compte:{medecin.pk}", maison, texte="Chute cette nuit")
        sortants.envoyer(MessageSortant.objects.latest("pk"))
    (envoye,) = mailoutbox
    assert envoye.to == ["medecin@example.org"]
    nom = dossier.usager.nom_naissance
    assert not any(mot in envoye.subject + envoye.body for mot in (nom, "Chute", "fille"))
    assert set(MessageSortant.objects.latest("pk").charge) == {"tache"}


def test_du_dossier_a_la_boite_lu_puis_fait(client_de, dossier, maison):
    infirmiere, medecin = client_de(), client_de("MEDCO")
    page = infirmiere.get(f"/dossiers/{dossier.pk}/transmettre/")
    adresse, champs = formulaire_de(page)
    champs |= {"a": f"compte:{medecin.compte.pk}", "titre": "Revoir le traitement"}
    champs |= {"pour_le": f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}", "priorite": "2"}
    assert infirmiere.post(adresse, champs).status_code == 302
    tache = Tache.objects.get()

    recue = medecin.get("/boite/")
    assert "Revoir le traitement" in recue.content.decode()
    assert medecin.get("/boite/?vue=non-lus").content.decode().count("J’ai lu") == 1
    vue = medecin.get(f"/boite/{tache.pk}/")
    assert vue.status_code == 200
    trace = EntreeJournal.objects.filter(cible="coordination:tache").get()
    assert (trace.dossier, trace.bloc, trace.acteur) == (dossier, "TRA", medecin.compte)
    medecin.post("/boite/lu/", {"tache": str(tache.pk)} | _jeton(vue))
    envoyes = infirmiere.get("/boite/?vue=envoyes").content.decode()
    assert f"lu par {medecin.compte.signature}" in envoyes
    assert medecin.compte.signature in infirmiere.get("/notifications/").content.decode()
    medecin.post(f"/boite/{tache.pk}/fait/", {"suite": "Vu"} | _jeton(vue))
    assert "Revoir le traitement" in medecin.get("/boite/?vue=faits").content.decode()
    refus = infirmiere.post(f"/boite/{tache.pk}/fait/", {"suite": ""} | _jeton(page))
    assert refus.status_code == 422
    assert "Déjà faite par" in refus.content.decode()
    assert client_de(ou=DossierFactory()).get(f"/boite/{tache.pk}/").status_code == 404


def _jeton(page):
    from tests.outils import jeton_de

    return jeton_de(page)


def test_reporter_et_annuler_demandent_un_motif_a_l_ecran(client_de, dossier):
    client = client_de()
    tache = TacheFactory(dossier=dossier, compte=client.compte)
    jeton = _jeton(client.get(f"/boite/{tache.pk}/"))
    for geste, champs in (("reporter", {"pour_le": "01/01/2030"}), ("annuler", {})):
        assert client.post(f"/boite/{tache.pk}/{geste}/", champs | jeton).status_code == 422
    champs = {"pour_le": "01/01/2030", "motif": "Sortie"}
    assert client.post(f"/boite/{tache.pk}/reporter/", champs | jeton).status_code == 302
    tache.refresh_from_db()
    assert timezone.localtime(tache.echeance_le).strftime("%d/%m/%Y %H:%M") == "01/01/2030 23:59"


def test_ecrire_a_un_collegue_sans_parler_d_une_personne(client_de, dossier):
    auteur, destinataire = client_de(), client_de("AS")
    _, champs = formulaire_de(auteur.get("/boite/ecrire/"))
    champs |= {"a": f"compte:{destinataire.compte.pk}", "titre": "Clés de la pharmacie"}
    assert auteur.post("/boite/ecrire/", champs).status_code == 302
    assert "Clés de la pharmacie" in destinataire.get("/boite/").content.decode()


@pytest.mark.lent
def test_la_boite_et_les_notifications_coutent_autant_pour_deux_que_pour_vingt(client_de, dossier):
    client = client_de()
    nombres = []
    for combien in (2, 18):
        for _ in range(combien):
            tache = TacheFactory(dossier=dossier, compte=client.compte)
            envoyee = TacheFactory(
                dossier=dossier, creee_par=client.compte, compte=client_de("AS").compte
            )
            from habilitations.politique import Habilitation

            taches.lire(Habilitation(envoyee.compte), [envoyee.pk])
            EvenementFactory(dossier=dossier)
        client.get(f"/boite/{tache.pk}/"), client.get("/notifications/")
        pages = ("/boite/", "/boite/?vue=envoyes", f"/boite/{tache.pk}/", "/notifications/")
        nombres.append([_requetes(client, page) for page in pages])
    assert nombres[0] == nombres[1]
    assert max(nombres[0]) <= 15, nombres


def _requetes(client, page) -> int:
    with CaptureQueriesContext(
        connection,
    ) as lues:
        assert client.get(page).status_code == 200
    return len([q for q in lues.captured_queries if "SAVEPOINT" not in q["sql"]])


def test_ce_que_je_cache_ne_se_lit_plus(client_de, dossier):
    client = client_de()
    TacheFactory(dossier=dossier, compte=client.compte, titre="Peser")
    page = client.get("/notifications/")
    assert "Peser" in page.content.decode()
    client.post("/notifications/preferences/", {"montrees": ["accuses"]} | _jeton(page))
    page = client.get("/notifications/").content.decode()
    assert "Peser" not in page and "Ce que j’ai transmis" in page


def test_mon_poste_nomme_ce_qu_on_demande_a_qui_tient_toute_la_maison(client_de, dossier):
    cadre, collegue = client_de("IDEC"), client_de("MEDCO")
    for titre, champs in (("Relire le projet", {}), ("Rappeler le 15", {"priorite": 1})):
        TacheFactory(dossier=dossier, compte=cadre.compte, titre=titre, **champs)
    TacheFactory(dossier=dossier, compte=collegue.compte, titre="Revoir le chaussage")
    page = cadre.get("/").content.decode()
    assert page.index("Rappeler le 15") < page.index("Relire le projet")
    assert "Revoir le chaussage" not in page
    assert "Rappeler le 15" not in collegue.get("/").content.decode()
    unite = dossier.sejours.get().unite
    assert "Relire le projet" not in cadre.get(f"/?unite={unite.pk}").content.decode()
