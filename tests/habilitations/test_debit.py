"""Les débits : combien de fois, pour qui, et que faire quand Valkey ne répond plus."""

import logging
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
import time_machine
from django.conf import settings as reglages_des_tests
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from dui.settings import base
from dui.socle import debit
from dui.socle.models import EntreeJournal
from tests.architecture.test_code import vues
from tests.habilitations.connexion import saisir_mot_de_passe
from tests.habilitations.factories import BrisDeGlaceFactory
from tests.navigateur.pages import routes
from tests.outils import jeton_de
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def valkey(settings):
    serveur = debit._serveur(reglages_des_tests.DEBITS_URL)
    for cle in serveur.scan_iter("debit:*"):
        serveur.delete(cle)
    return serveur


@pytest.fixture
def etroits(settings, valkey):
    """Each bucket of the product holds three tokens, for an hour."""
    settings.DEBITS = {
        nom: valeur | {"capacite": 3, "secondes": 3600} for nom, valeur in base.DEBITS.items()
    }


@pytest.fixture
def valkey_arrete(settings):
    """An address where nobody listens."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        settings.DEBITS_URL = f"redis://127.0.0.1:{prise.getsockname()[1]}/0"
        yield


# ------------------------------------------------------------------ le seau


def test_le_seau_se_vide_puis_dit_combien_attendre(settings, valkey):
    settings.DEBITS = {"essai": {"capacite": 2, "secondes": 60}}
    assert [bool(debit.prendre("essai", "a")) for _ in range(3)] == [True, True, False]
    refus = debit.prendre("essai", "a")
    assert 25 <= refus.attente <= 30  # one token comes back every 30 s


def test_seul_le_premier_refus_d_une_suite_se_note(settings, valkey):
    settings.DEBITS = {"essai": {"capacite": 1, "secondes": 3600}}
    verdicts = [debit.prendre("essai", "a") for _ in range(4)]
    assert [v.premier_refus for v in verdicts] == [False, True, False, False]


def test_chaque_source_et_chaque_sorte_a_son_seau(settings, valkey):
    settings.DEBITS = {n: {"capacite": 1, "secondes": 3600} for n in ("essai", "autre")}
    assert debit.prendre("essai", "a") and not debit.prendre("essai", "a")
    assert debit.prendre("essai", "b") and debit.prendre("autre", "a")


def test_le_seau_se_remplit_avec_le_temps_et_s_oublie(settings, valkey):
    settings.DEBITS = {"essai": {"capacite": 100, "secondes": 1}}
    while debit.prendre("essai", "a"):
        pass
    (cle,) = valkey.scan_iter("debit:essai:*")
    assert 0 < valkey.ttl(cle) <= 2
    valkey.hset(cle, "le", float(valkey.hget(cle, "le")) - 1)
    assert debit.prendre("essai", "a")


def test_dix_processus_a_la_fois_ne_prennent_jamais_plus_que_le_seau(settings, valkey):
    settings.DEBITS = {"essai": {"capacite": 20, "secondes": 36_000}}
    with ThreadPoolExecutor(10) as executeur:
        verdicts = list(executeur.map(lambda _: debit.prendre("essai", "a"), range(100)))
    assert sum(map(bool, verdicts)) == 20


def test_la_cle_ne_montre_ni_l_adresse_ni_le_compte(settings, valkey):
    settings.DEBITS = {"essai": {"capacite": 1, "secondes": 60}}
    debit.prendre("essai", "adresse 192.0.2.7")
    assert not [c for c in valkey.scan_iter("debit:*") if b"192.0.2.7" in c]


def test_l_horloge_est_celle_de_valkey(settings, valkey):
    """Un poste dont l’heure est fausse ne remplit pas les seaux."""
    settings.DEBITS = {"essai": {"capacite": 1, "secondes": 3600}}
    assert debit.prendre("essai", "a")
    with time_machine.travel("2099-01-01"):
        assert not debit.prendre("essai", "a")


# ------------------------------------------------------------------ les pages


def test_chercher_trop_vite_attend_et_laisse_une_trace(etroits, en_tant_que):
    client = en_tant_que(DossierFactory())
    voisine = en_tant_que(DossierFactory())
    for _ in range(3):
        assert client.get("/recherche/?q=mar").status_code == 200
    refus = client.get("/recherche/?q=mar")
    assertContains(refus, "Trop de demandes", status_code=429)
    assert 0 < int(refus["Retry-After"]) <= 1200
    assert client.get("/recherche/?q=mar").status_code == 429
    trace = EntreeJournal.objects.get(action="debit_depasse")
    assert (trace.acteur, trace.cible) == (client.compte, "recherche recherche")
    assert "mar" not in str(trace.contexte)
    assert voisine.get("/recherche/?q=mar").status_code == 200  # each account has its own


def test_la_connexion_se_compte_par_adresse_quel_que_soit_l_identifiant(etroits, client):
    for _ in range(3):
        assert saisir_mot_de_passe(client, CompteFactory(), "faux").status_code == 422
    jetons = jeton_de(client.get("/connexion/"))
    envoi = jetons | {"identifiant": "autre", "mot_de_passe": "faux"}
    assert client.post("/connexion/", envoi).status_code == 429
    assert EntreeJournal.objects.filter(acteur=None, action="debit_depasse").count() == 1
    ailleurs = client.post("/connexion/", envoi, REMOTE_ADDR="192.0.2.9")
    assert ailleurs.status_code == 422


def test_une_adresse_ipv6_compte_pour_tout_son_reseau(etroits, client):
    jetons = jeton_de(client.get("/activation/"))
    statuts = [
        client.post("/activation/", jetons, REMOTE_ADDR=f"2001:db8::{n}").status_code
        for n in range(1, 5)
    ]
    assert statuts == [422, 422, 422, 429]
    assert client.post("/activation/", jetons, REMOTE_ADDR="2001:db8:1::1").status_code == 422


def test_imprimer_est_limite_mais_lire_ne_l_est_pas(etroits, en_tant_que):
    dossier = DossierFactory()
    client = en_tant_que(dossier)
    statuts = [client.get(f"/dossiers/{dossier.pk}/imprimer/").status_code for _ in range(4)]
    assert statuts == [200, 200, 200, 429]
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 200


def test_le_portail_est_limite_par_compte(etroits, sur_le_portail):
    dossier = DossierFactory()
    client, proche = sur_le_portail(dossier), sur_le_portail(dossier)
    statuts = [client.get(f"/portail/{dossier.pk}/").status_code for _ in range(4)]
    assert statuts == [200, 200, 200, 429]
    assert proche.get(f"/portail/{dossier.pk}/").status_code == 200


def test_revoir_les_bris_de_glace_n_use_pas_le_droit_d_en_ouvrir(etroits, en_tant_que, settings):
    """« J’ai terminé » et la revue se comptent ailleurs, et plus largement."""
    settings.DEBITS["acte"] = base.DEBITS["acte"]
    medco = en_tant_que(DossierFactory(), role="MEDCO", portee="equipe")
    etablissement = medco.compte.affectations.get().etablissement
    for _ in range(4):
        bris = BrisDeGlaceFactory(etablissement=etablissement, expire_le=timezone.now())
        bris.refresh_from_db()
        conclusion = {"conclusion": "justifie", "commentaire": "Appel confirmé."}
        adresse = reverse("bris_de_glace:conclure", args=[bris.cle])
        assert medco.post(adresse, conclusion).status_code == 302
    autre = DossierFactory(sejour__etablissement=etablissement, sejour__unite=None)
    ouvrir = reverse("bris_de_glace:ouvrir", args=[autre.pk])
    statuts = [medco.post(ouvrir, {"motif": "x"}).status_code for _ in range(4)]
    assert statuts == [422, 422, 422, 429]


# ------------------------------------------------------------------ sans Valkey


def test_sans_valkey_le_soin_continue_et_la_panne_se_dit(
    etroits, valkey_arrete, en_tant_que, caplog
):
    client = en_tant_que(DossierFactory())
    with caplog.at_level(logging.WARNING, "habilitations.debit"):
        statuts = [client.get("/recherche/?q=mar").status_code for _ in range(5)]
    assert statuts == [200] * 5
    assert "Valkey ne répond pas" in caplog.text


def test_sans_valkey_ce_qui_sort_des_donnees_est_refuse(etroits, valkey_arrete, sur_le_portail):
    dossier = DossierFactory()
    client = sur_le_portail(dossier)
    document = f"/portail/{dossier.pk}/documents/{dossier.pk}/"
    refus = client.get(document)
    assert refus.status_code == 429 and refus["Retry-After"] == str(debit.SANS_REPONSE)
    assert client.get(f"/portail/{dossier.pk}/").status_code == 200


@pytest.mark.parametrize("nom", sorted(base.DEBITS))
def test_chaque_sorte_dit_si_elle_ouvre_ou_ferme_sans_valkey(settings, valkey_arrete, nom):
    settings.DEBITS = base.DEBITS
    verdict = debit.prendre(nom, "a")
    assert bool(verdict) == (nom != "export") and not verdict.compte


# ------------------------------------------------------------------ les réglages


def test_chaque_seau_nomme_par_une_page_existe():
    seaux = {seau for _, _, seau in base.DEBITS_DES_PAGES}
    assert seaux == set(base.DEBITS)


@pytest.mark.parametrize(
    ("page", "seau"),
    [
        ("connexion", "connexion"),
        ("connexion_code", "connexion"),
        ("psc_depart", "connexion"),
        ("psc_choix", "connexion"),
        ("psc_e_cps", "e_cps"),
        ("activation", "connexion"),
        ("relais", "relais"),
        ("recherche", "recherche"),
        ("admission:rejets", "export"),
        ("admission:importation_nouvelle", "depot"),
        ("residents_imprimables", "impression"),
        ("administratif:fiche_urgence_pdf", "impression"),
        ("relation_usager:document", "export"),
        ("relation_usager:nouvelles", "portail"),
        ("bris_de_glace:ouvrir", "bris_de_glace"),
        ("bris_de_glace:chercher", "bris_de_glace_recherche"),
        ("bris_de_glace:conclure", "acte"),
        ("bris_de_glace:fermer", "acte"),
        ("residents", ""),
    ],
)
def test_chaque_page_sensible_a_son_seau(rf, page, seau):
    from habilitations.debit import seau_de

    trouves = set()
    for methode in ("GET", "POST"):
        request = rf.generic(methode, "/")
        request.resolver_match = type("Page", (), {"view_name": page})
        trouves.add(seau_de(request))
    assert seau in trouves and (seau or trouves == {""})


def test_tout_ce_qui_s_imprime_ou_s_exporte_est_limite(rf):
    """Une page nouvelle qui sort des données du dossier reçoit un seau, ou ce test la nomme."""
    from habilitations.debit import seau_de

    oublis = []
    for (route, _), (motif, _) in zip(routes(), vues(), strict=True):
        sort = route.fichier or "imprim" in motif or "export" in motif
        request = rf.get("/")
        request.resolver_match = type("Page", (), {"view_name": route.nom})
        if sort and not seau_de(request):
            oublis.append(motif)
    assert not oublis


def test_le_script_refuse_une_cle_d_un_autre_type_sans_casser_la_page(settings, valkey):
    """Une clé abîmée est une panne de compte, pas une panne de page."""
    settings.DEBITS = {"essai": {"capacite": 1, "secondes": 60}}
    debit.prendre("essai", "a")
    (cle,) = valkey.scan_iter("debit:essai:*")
    valkey.delete(cle)
    valkey.set(cle, "x")
    with pytest.raises(redis.ResponseError):
        valkey.hget(cle, "jetons")
    verdict = debit.prendre("essai", "a")
    assert verdict and not verdict.compte
