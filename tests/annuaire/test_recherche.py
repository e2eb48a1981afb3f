"""Chercher dans la copie locale : le début du nom d’abord, puis n’importe où, page après page."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dui.socle.annuaire.recherche import STRUCTURES, Criteres, chercher
from dui.socle.models import ExerciceAnnuaire
from tests.annuaire.factories import bal, exercice, professions, structure

pytestmark = pytest.mark.django_db


def noms(**criteres) -> list[str]:
    return [str(x) for x in chercher(Criteres(**criteres)).toutes]


@pytest.fixture
def annuaire():
    exercice("LEFÈVRE", "ANNE-MARIE", numero=1)
    exercice("LEFEBVRE", "Karim", numero=2, commune="Angers", profession="60")
    exercice("D'HÉROUVILLE-MARTIN", "JEAN PIERRE", numero=3, commune="Angers")
    exercice("MARTIN", "ZOÉ", numero=4, commune="Saumur", profession="60")
    exercice("MARTINEAU", "Luc", numero=5, commune="Longué-Jumelles")
    exercice("PARTI", "AILLEURS", numero=6, actif=False)


@pytest.mark.parametrize(
    ("saisi", "trouves"),
    [
        ("lefevre", ["ANNE-MARIE LEFÈVRE"]),
        ("LEFÈVRE anne marie", ["ANNE-MARIE LEFÈVRE"]),
        ("le", ["Karim LEFEBVRE", "ANNE-MARIE LEFÈVRE"]),
        ("karim lefe", ["Karim LEFEBVRE"]),
        ("martin", ["ZOÉ MARTIN", "Luc MARTINEAU", "JEAN PIERRE D'HÉROUVILLE-MARTIN"]),
        ("herouville", ["JEAN PIERRE D'HÉROUVILLE-MARTIN"]),
        ("d’hérouville", ["JEAN PIERRE D'HÉROUVILLE-MARTIN"]),
        ("parti", []),
        ("m", []),
        ("", []),
        ("%", []),
        ("__", []),
        ("martin%", []),
    ],
)
def test_un_nom_se_trouve_comme_on_l_ecrit(annuaire, saisi, trouves):
    assert noms(nom=saisi) == trouves


def test_la_ville_et_la_profession_restreignent(annuaire):
    assert noms(nom="martin", ville="saum") == ["ZOÉ MARTIN"]
    assert noms(ville="ANGERS") == ["JEAN PIERRE D'HÉROUVILLE-MARTIN", "Karim LEFEBVRE"]
    assert noms(ville="longue jumelles") == ["Luc MARTINEAU"]
    assert noms(ville="angers", profession="60") == ["Karim LEFEBVRE"]
    assert noms(profession="60") == []


def test_un_numero_trouve_la_personne_ou_le_lieu(annuaire):
    lieu = structure("CLINIQUE DU PORT", finess="990000036")
    ici = exercice("DUVAL", "INÈS", numero=8, structure=lieu.identifiant)
    assert noms(numero=ici.rpps) == ["INÈS DUVAL"]
    assert noms(numero=f"{ici.rpps[:5]} {ici.rpps[5:]}") == ["INÈS DUVAL"]
    assert noms(numero=ici.idnps) == ["INÈS DUVAL"]
    assert noms(numero="990000036") == ["INÈS DUVAL"]
    assert noms(numero="990 000 036", quoi=STRUCTURES) == ["CLINIQUE DU PORT"]
    assert noms(numero="99000") == []


def test_les_structures_se_trouvent_par_un_mot_et_une_ville():
    structure("EHPAD LES TILLEULS", finess="990000028", enseigne="Résidence Tilleul")
    structure("PHARMACIE DES TILLEULS", finess="990000036", commune="Angers")
    structure("FERMÉE DES TILLEULS", finess="990000044", actif=False)
    structure("", finess="990000051")
    assert noms(nom="tilleuls", quoi=STRUCTURES) == ["EHPAD LES TILLEULS", "PHARMACIE DES TILLEULS"]
    assert noms(nom="pharmacie", ville="angers", quoi=STRUCTURES) == ["PHARMACIE DES TILLEULS"]
    assert noms(ville="saumur", quoi=STRUCTURES) == ["EHPAD LES TILLEULS"]


def test_les_pages_se_suivent_sans_trou_ni_doublon(settings):
    settings.ANNUAIRE_RESULTATS = 7
    for n in range(30):
        exercice("MARTIN", f"P{n % 3}", numero=n)
    for criteres in (
        {"nom": "martin"},
        {"ville": "saumur"},
        {"ville": "saumur", "profession": "10"},
    ):
        vus, apres = [], ""
        for _ in range(6):
            page = chercher(Criteres(**criteres, apres=apres))
            vus += [x.pk for x in page.lignes]
            apres = page.suite
            if not apres:
                break
        assert len(vus) == len(set(vus)) == 30


@pytest.mark.parametrize("apres", ["x", "WyJhIl0:1:x", "é" * 300, "\0"])
def test_un_curseur_invente_rend_la_premiere_page(annuaire, apres):
    assert noms(nom="martin", apres=apres)[0] == "ZOÉ MARTIN"


def test_l_adresse_de_la_personne_ici_precede_les_autres():
    professions(c10="Médecin")
    lieu = structure("CLINIQUE DU PORT")
    dedans = exercice(structure=lieu.identifiant)
    dehors = exercice(numero=1, structure="4C9")
    bal("secretariat@clinique.mssante.fr", structure=lieu.identifiant)
    bal("autre@ailleurs.mssante.fr", idnps=dedans.idnps, structure="4C77")
    bal("arthur@clinique.mssante.fr", idnps=dedans.idnps, structure=lieu.identifiant)
    bal("arthur@medecin.mssante.fr", idnps=dedans.idnps)
    lues = {x.structure: x for x in chercher(Criteres(nom="saucier")).lignes}
    assert [b.adresse for b in lues[lieu.identifiant].bals] == [
        "arthur@clinique.mssante.fr",
        "arthur@medecin.mssante.fr",
        "secretariat@clinique.mssante.fr",
    ]
    assert [b.adresse for b in lues[dehors.structure].bals] == ["arthur@medecin.mssante.fr"]
    assert lues[lieu.identifiant].profession_en_mots == "Médecin"
    assert lues[lieu.identifiant].lieu_d_exercice == lieu


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(django_assert_max_num_queries):
    for n in range(25):
        exercice("MARTIN", f"P{n}", numero=n)
    professions(c10="Médecin")
    with django_assert_max_num_queries(6):
        assert len(chercher(Criteres(nom="martin")).lignes) == 20


def test_la_base_ne_compte_ni_ne_parcourt_tout():
    """Un index donne la page, dans son ordre : ni compte, ni lecture de la table entière."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for n in range(40):
        exercice("MARTIN", f"P{n}", numero=n, profession=str(10 + n % 8))
    with connection.cursor() as c:
        c.execute("ANALYZE annuaire_exercice")  # else the figures that an import left
        c.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plans = {
        "annuaire_exercice_nom": {"nom": "mart"},
        "annuaire_exercice_lieu": {"ville": "saumur"},
        "annuaire_exercice_metier": {"ville": "saumur", "profession": "10"},
    }
    for index, criteres in plans.items():
        with CaptureQueriesContext(connection) as lues:
            chercher(Criteres(**criteres))
        sql = lues[0]["sql"]
        assert "COUNT(" not in sql.upper()
        with connection.cursor() as c:
            c.execute(f"EXPLAIN {sql}")
            plan = "\n".join(ligne for (ligne,) in c.fetchall())
        assert index in plan, plan
        assert "Sort" not in plan, plan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(nom=st.text(max_size=90), ville=st.text(max_size=70), numero=st.text(max_size=40))
def test_aucune_saisie_ne_casse_la_recherche(nom, ville, numero):
    chercher(Criteres(nom=nom, ville=ville, numero=numero))
    chercher(Criteres(nom=nom, ville=ville, quoi=STRUCTURES))
    assert ExerciceAnnuaire.objects.count() == 0
