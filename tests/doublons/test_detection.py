"""La recherche des doublons : ce qu’elle rapproche, ce qu’elle laisse, ce qui revient."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from administratif.doublons import detection, services, taches
from administratif.doublons.regles import REGLES, Identite, lire, raisons, score
from dui.socle.models import Doublon, Organisme
from dui.socle.ressemblance import Traits
from tests.doublons.factories import MOTIF, cellule, dossier, fusionner, proposer

pytestmark = pytest.mark.django_db
OID = "1.2.250.1.213.1.4.11"


def trouver() -> list[Doublon]:
    detection.chercher(Organisme.objects.get())
    return list(Doublon.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("autre", "raison"),
    [
        ({}, "nom"),
        ({"nom_naissance": "LE GOF"}, "nom_proche"),
        ({"nom_naissance": "LE-GOFF"}, "nom"),
        ({"nom_naissance": "KERVELLA", "nom_utilise": "LE GOFF"}, "nom_croise"),
        ({"premier_prenom": "YVONE", "prenoms": "YVONE"}, "prenom_proche"),
        ({"date_naissance": date(1936, 9, 4)}, "date_inversee"),
        ({"date_naissance": date(1936, 4, 1), "naissance_incomplete": "jour"}, "date_incomplete"),
        (
            {"date_naissance": date(1936, 12, 31), "naissance_incomplete": "jour_mois"},
            "date_incomplete",
        ),
        (
            {"date_naissance": date(1938, 12, 31), "naissance_incomplete": "annee"},
            "date_incomplete",
        ),
        ({"lieu_naissance_cog": "99999"}, "date"),
        ({"sexe": "I"}, "date"),
    ],
)
def test_deux_dossiers_de_la_meme_personne_se_trouvent(autre, raison):
    dossier()
    dossier(**autre)
    (doublon,) = trouver()
    assert raison in doublon.raisons and doublon.score >= REGLES.seuil
    assert doublon.etat == Doublon.Etat.A_EXAMINER


@pytest.mark.parametrize(
    "autre",
    [
        {"sexe": "M"},
        {"date_naissance": date(1936, 4, 10)},
        {"premier_prenom": "MARCELLE", "prenoms": "MARCELLE"},
        {"nom_naissance": "KERVELLA"},
        {"date_naissance": date(1945, 12, 31), "naissance_incomplete": "annee"},
        {"fictive": True},
    ],
)
def test_deux_personnes_ne_se_rapprochent_pas(autre):
    """Des jumeaux, un frère, une voisine du même jour, une identité de formation."""
    dossier()
    dossier(**autre)
    assert not trouver()


def test_le_meme_matricule_rapproche_deux_identites_que_rien_d_autre_ne_rapproche():
    ins = {"matricule_ins": "236045935001144", "oid_ins": OID}
    dossier(**ins, ins_recuperee=True)
    dossier(**ins, nom_naissance="TANGUY", premier_prenom="ANNA", date_naissance=date(1950, 1, 2))
    (doublon,) = trouver()
    assert "matricule" in doublon.raisons


def test_chaque_nuit_retrouve_les_memes_paires_sans_les_doubler():
    dossier()
    dossier(nom_naissance="LE GOF")
    (premiere,) = trouver()
    (seconde,) = trouver()
    assert (premiere.pk, premiere.trouve_le) == (seconde.pk, seconde.trouve_le)


def test_ce_qui_est_juge_ne_revient_que_si_un_trait_strict_change():
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    (doublon,) = trouver()
    services.ecarter(cellule(a, b), doublon.pk, motif=MOTIF)
    assert [d.etat for d in trouver()] == ["distinctes"]
    b.usager.telephone, b.usager.nom_utilise = "02 41 00 00 01", "TANGUY"
    b.usager.save()
    assert [d.etat for d in trouver()] == ["distinctes"]
    b.usager.nom_naissance = "LE GOFF"
    b.usager.save()
    assert [d.etat for d in trouver()] == ["a_examiner"]


def test_une_paire_que_personne_n_a_jugee_part_quand_le_trait_est_corrige():
    dossier()
    b = dossier(nom_naissance="LE GOF")
    assert trouver()
    b.usager.nom_naissance = "KERVELLA"
    b.usager.save()
    assert not trouver()


def test_une_proposition_et_un_signalement_restent_d_une_nuit_a_l_autre():
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    (doublon,) = trouver()
    proposer(doublon, a)
    services.signaler_collision(cellule(b), b, texte="Deux dates dans les courriers.")
    assert {d.etat for d in trouver()} == {"proposee", "a_examiner"}


def test_un_dossier_reuni_n_est_plus_cherche():
    a, b = dossier(), dossier(nom_naissance="LE GOF")
    fusionner(a, b)
    dossier(premier_prenom="MARCELLE", prenoms="MARCELLE")
    assert [d.etat for d in trouver()] == ["fusionnee"]


def test_juste_apres_un_import_personne_n_est_compare_a_chacun():
    """Sans statistiques, PostgreSQL croit les tables presque vides : 300 s pour 5 800 identités."""
    plans = []

    def expliquer(execute, sql, params, many, context):
        if sql == detection.PAIRES:
            with connection.cursor() as curseur:
                curseur.execute(f"EXPLAIN {sql}", params)
                plans.extend(ligne for (ligne,) in curseur.fetchall())
        return execute(sql, params, many, context)

    dossier()
    with connection.execute_wrapper(expliquer):
        trouver()
    assert [x for x in plans if "ne_le = b" in x and ("Hash Cond" in x or "Merge Cond" in x)]
    assert not [x for x in plans if "ne_le = b" in x and "Join Filter" in x]
    with connection.cursor() as curseur:
        curseur.execute("SHOW enable_nestloop")
        assert curseur.fetchone() == ("on",)


def test_la_tache_de_nuit_passe_sur_tout_l_organisme():
    dossier()
    dossier()
    taches.chercher()
    assert Doublon.objects.count() == 1


noms = st.text("ABE", max_size=4)
identites = st.builds(
    lambda nom, usage, prenom, jour, incomplete: Identite(
        Traits(0, date(1936, 1, jour), nom or "X", prenom or "Y", "F", nom_utilise=usage),
        incomplete,
    ),
    noms, noms, noms, st.integers(1, 3), st.sampled_from(["", "jour"]),
)  # fmt: skip


@given(identites, identites)
def test_ressembler_est_reciproque(a, b):
    assert score(raisons(a, b)) == score(raisons(b, a))


def test_les_poids_et_le_seuil_sont_des_donnees():
    severe = lire(
        {
            "seuil": 60, "poids": {"date": 1, "nom": 2}, "libelles": {}, "proposition_jours": 1,
            "motif_minimal": 1, "page": 1,
        }
    )  # fmt: skip
    assert score(["date", "nom"], severe) == 3
    assert set(REGLES.poids) == set(REGLES.libelles)
