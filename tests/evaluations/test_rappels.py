"""Ce qui est à refaire : à l’accueil de qui le fera, par unité, avec sa date."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accompagnement.evaluations import rappels
from accompagnement.evaluations.importees import lectures as importees
from tests.evaluations.factories import EvaluationFactory, GrilleFactory
from tests.socle.factories import DossierFactory, SejourFactory

pytestmark = pytest.mark.django_db
LISTE = "/evaluations/a-refaire/"


@pytest.fixture(autouse=True)
def rien_de_lu():
    importees.oublier()
    yield
    importees.oublier()


@pytest.fixture
def dossier():
    return DossierFactory()


def aggir(dossier, jours, **champs):
    le = timezone.now() - timedelta(days=jours)
    return EvaluationFactory(dossier=dossier, faite_le=le, **champs)


def comptees(client):
    return rappels.a_compter(client.habilitation).count()


def test_seule_la_derniere_de_chaque_grille_se_rappelle_et_avec_sa_date(en_tant_que, dossier):
    aggir(dossier, 800)
    derniere = aggir(dossier, 340)
    aggir(dossier, 700, courante=False)
    aggir(dossier, 1, brouillon=True)
    aggir(DossierFactory(), 400)
    client = en_tant_que(dossier)

    accueil, page = client.get("/"), client.get(LISTE)

    assert LISTE in accueil.text
    assert comptees(client) == 1
    [ligne] = page.context["lignes"]
    le = timezone.localdate(derniere.faite_le)
    assert (ligne.faite_le, ligne.prevue_le) == (le, le + timedelta(days=365))
    assert not ligne.en_retard
    assert f"/dossiers/{dossier.pk}/evaluations/nouvelle/aggir/" in page.text
    assert "GIR 1" not in page.text


def test_ce_qui_est_recent_ou_parti_ne_se_rappelle_pas(en_tant_que, dossier):
    aggir(dossier, 300)
    unite = dossier.sejours.get().unite
    parti = DossierFactory(sejour=None)
    SejourFactory(dossier=parti, unite=unite, place=None, sorti=True)
    aggir(parti, 800)
    client = en_tant_que(dossier)

    assert client.get(LISTE).context["lignes"] == []
    assert comptees(client) == 0
    assert LISTE not in client.get("/").text


def test_le_delai_depend_du_domaine_et_une_grille_de_la_maison_a_le_sien(en_tant_que, dossier):
    assert rappels.delais("PA")["norton"] == 90
    assert rappels.delais("DOM")["norton"] == 180
    maison = dossier.sejours.get().etablissement
    g = GrilleFactory(chez=maison)  # every 30 days
    importees.oublier()
    le = timezone.now() - timedelta(days=45)
    EvaluationFactory(
        dossier=dossier, grille=g.code, version_grille="1", resultat={}, score=3, faite_le=le,
        reponses={},
    )  # fmt: skip
    client = en_tant_que(dossier)

    assert [x.en_retard for x in client.get(LISTE).context["lignes"]] == [True]
    assert comptees(client) == 1


@pytest.mark.parametrize(("role", "statut"), [("AS", 200), ("DIM", 403), ("SECRETAIRE", 403)])
def test_qui_remplit_les_grilles_ouvre_la_liste_les_autres_non(en_tant_que, dossier, role, statut):
    aggir(dossier, 400)
    client = en_tant_que(dossier, role=role)

    assert client.get(LISTE).status_code == statut
    assert client.get(f"{LISTE}imprimer/").status_code == statut
    assert (LISTE in client.get("/").text) == (statut == 200)


def test_l_accueil_et_la_liste_tiennent_dans_quinze_requetes(
    en_tant_que, dossier, django_assert_max_num_queries
):
    for n in range(12):
        aggir(dossier if n % 2 else DossierFactory(), 400 + n)
    for role in ("MEDCO", "IDE"):
        client = en_tant_que(dossier, role=role)
        client.get("/")
        for url in ("/", LISTE, f"{LISTE}imprimer/"):
            with django_assert_max_num_queries(17 if url == "/" else 15):  # a savepoint included
                assert client.get(url).status_code == 200
