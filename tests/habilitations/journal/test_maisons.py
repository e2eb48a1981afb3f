"""Le journal des maisons : ce qui est à surveiller, et ce que coûte chaque page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from dui.socle.models import EntreeJournal
from habilitations.models import Droit
from tests.habilitations.factories import AffectationFactory, acces_portail
from tests.habilitations.journal.traces import a, adresse, noter
from tests.outils import connecter
from tests.socle.factories import (
    CompteFactory,
    DossierFactory,
    EtablissementFactory,
    UsagerFactory,
)

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ le journal des maisons


def surveillees(client, suite=""):
    return [e.pk for e in client.get(f"/journal/{suite}").context["page"].tranche.lignes]


def test_on_y_surveille_l_extraordinaire_pas_le_quotidien(dpo, claire, dossier):
    attendues = [
        noter(claire.compte, dossier, action="refus", titre_acces="aucun", cible="voir x"),
        noter(claire.compte, dossier, action="imprimer", cible="Transmissions"),
        noter(claire.compte, dossier, titre_acces="bris_de_glace"),
        noter(claire.compte, action="connexion_refusee", bloc="", titre_acces=""),
        noter(claire.compte, dossier, action="acte_a_venir"),
    ]
    for action in ("voir", "saisir", "lister", "connexion"):
        noter(claire.compte, dossier, action=action)
    assert surveillees(dpo) == [e.pk for e in reversed(attendues)]


def test_seules_les_traces_de_mes_maisons(dpo, claire, dossier, maison):
    ailleurs = DossierFactory()
    inconnu = AffectationFactory(etablissement=EtablissementFactory()).compte
    ici = [
        noter(inconnu, dossier, action="refus"),  # on tente d’ouvrir un dossier d’ici
        noter(claire.compte, action="connexion_refusee", bloc=""),
    ]
    noter(claire.compte, ailleurs, action="refus")  # regarde la maison de ce dossier
    noter(inconnu, action="connexion_refusee", bloc="")
    noter(None, action="connexion_refusee", bloc="")
    assert surveillees(dpo) == [e.pk for e in reversed(ici)]


def test_une_trace_suit_le_compte_la_ou_il_travaillait_ce_jour_la(dpo, maison):
    parti = AffectationFactory(
        etablissement=maison, debut=date(2025, 1, 1), fin=date(2025, 6, 30)
    ).compte
    AffectationFactory(compte=parti, etablissement=EtablissementFactory(), debut=date(2025, 7, 1))
    avant = noter(parti, action="connexion_refusee", bloc="", le=a(9, jour=date(2025, 6, 30)))
    noter(parti, action="connexion_refusee", bloc="", le=a(9, jour=date(2025, 7, 1)))
    assert surveillees(dpo) == [avant.pk]


def test_un_identifiant_inconnu_regarde_qui_veille_sur_toutes_les_maisons(dpo, maison):
    entree = noter(None, action="connexion_refusee", bloc="", titre_acces="")
    assertContains(dpo.get("/journal/"), "Un identifiant inconnu")
    EtablissementFactory()
    assert entree.pk not in surveillees(connecter(dpo.compte))


def test_l_echec_d_un_compte_du_portail_suit_son_dossier(dpo, dossier):
    compte, autre = CompteFactory.create_batch(2)
    acces_portail(compte, dossier)
    acces_portail(autre, DossierFactory())
    echec = noter(compte, action="connexion_refusee", bloc="", titre_acces="")
    noter(autre, action="connexion_refusee", bloc="", titre_acces="")
    assert surveillees(dpo) == [echec.pk]


def test_un_mot_de_passe_refuse_est_rattache_au_compte_vise(client, dpo, claire):
    client.post(
        "/connexion/", {"identifiant": claire.compte.username, "mot_de_passe": "ce n’est pas lui"}
    )
    assert EntreeJournal.objects.get(action="connexion_refusee").acteur == claire.compte
    page = dpo.get("/journal/?genre=echecs")
    assertContains(page, "<b>Claire Martin</b>, infirmière, a essayé de se connecter, sans succès")


def test_le_journal_des_maisons_se_feuillette(dpo, claire, dossier):
    le = a(9)
    entrees = [
        noter(claire.compte, dossier, action="refus", le=le + timedelta(seconds=n // 3))
        for n in range(230)
    ]
    suite, vues = "", []
    while suite is not None:
        page = dpo.get(f"/journal/{suite}").context["page"]
        vues += [e.pk for e in page.tranche.lignes]
        suite = page.tranche.anciens or None
    assert vues == [e.pk for e in reversed(entrees)]


def test_on_trouve_le_journal_d_un_dossier_par_son_nom(dpo, dossier):
    DossierFactory(usager=UsagerFactory(nom_naissance="DURANDEAU"))
    page = dpo.get("/journal/", {"dossier": "durand"})
    assert page.context["dossiers"] == [dossier]
    assertContains(page, adresse("journal_dossier", dossier))


# ------------------------------------------------------------------ coût


def compter(client, page) -> int:
    with CaptureQueriesContext(connection) as capture:
        assert client.get(page).status_code == 200
    controle = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([q for q in capture.captured_queries if not q["sql"].startswith(controle)])


def remplir(dossier, maison, nombre):
    for _ in range(nombre):
        compte = AffectationFactory(etablissement=maison).compte
        voisin = DossierFactory(sejour__etablissement=maison)
        for d in (dossier, voisin):
            noter(compte, d)
            noter(compte, d, action="refus", cible="voir x")
            noter(None, d, action="imprimer")


@pytest.mark.lent
def test_le_portail_dit_qui_a_ouvert_mon_dossier_au_meme_prix(dossier, maison, sur_le_portail):
    client, page = sur_le_portail(dossier), reverse("relation_usager:acces", args=[dossier.pk])
    remplir(dossier, maison, 3)
    client.get(page)
    avant = compter(client, page)
    remplir(dossier, maison, 27)
    assert compter(client, page) == avant <= 15


@pytest.mark.lent
def test_dix_fois_plus_de_lignes_ne_coutent_pas_une_requete_de_plus(
    dossier, maison, dpo, en_tant_que
):
    Droit.objects.create(role_id="DPO", bloc="ID", action="resume")
    client = connecter(dpo.compte)
    pages = (
        adresse("journal_dossier", dossier),
        adresse("journal_dossier_imprimable", dossier),
        "/journal/",
        "/moi/journal/",
    )
    remplir(dossier, maison, 3)
    noter(client.compte, dossier)
    for page in pages:
        client.get(page)
    avant = {page: compter(client, page) for page in pages}
    remplir(dossier, maison, 27)
    for d in DossierFactory.create_batch(30, sejour__etablissement=maison):
        noter(client.compte, d)
    apres = {page: compter(client, page) for page in pages}
    assert apres == avant
    assert max(avant.values()) <= 15
