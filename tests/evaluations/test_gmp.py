"""GMP et GMPS : le règlement, et « non disponible » quand personne n’est classé."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from accompagnement.evaluations import catalogue, services_pmp
from accompagnement.evaluations.gmp import tableau
from accompagnement.evaluations.moteur.gmp import gmp, gmps
from accompagnement.models import PmpValide
from dui.socle.models import EntreeJournal
from tests.evaluations.factories import EvaluationFactory
from tests.socle.factories import (
    DossierFactory,
    EtablissementFactory,
    SejourFactory,
    UniteFactory,
    UsagerFactory,
)

REGLES = catalogue.donnees("gmp")


@pytest.mark.parametrize(
    ("effectifs", "attendu"),
    [
        ({1: 10, 2: 20, 3: 15, 4: 25, 5: 5, 6: 5}, "610.00"),
        ({1: 1}, "1000.00"),
        ({6: 3}, "70.00"),
        ({1: 1, 2: 1, 3: 1}, "833.33"),
        ({1: 1, 2: 2}, "893.33"),
    ],
)
def test_le_gmp_est_la_moyenne_des_points(effectifs, attendu):
    assert gmp(REGLES, effectifs) == Decimal(attendu)


@pytest.mark.parametrize("effectifs", [{}, {1: 0, 4: 0}])
def test_le_gmp_de_personne_n_existe_pas(effectifs):
    assert gmp(REGLES, effectifs) is None


def test_le_gmps_ajoute_2_59_fois_le_pmp():
    assert gmps(REGLES, Decimal(700), Decimal(200)) == Decimal("1218.00")


def test_le_gmps_manque_quand_l_un_des_deux_manque():
    assert gmps(REGLES, None, Decimal(200)) is None
    assert gmps(REGLES, Decimal(700), None) is None


# ---------------------------------------------------------------- the page of a house


@pytest.fixture
def maison(db):
    return UniteFactory(nom="Magnolia").etablissement


def resident(maison, gir, *, unite=None, ans=85, gir_le=None, entree_le=None, sortie_le=None):
    aujourdhui = timezone.localdate()
    dossier = DossierFactory(
        usager=UsagerFactory(date_naissance=aujourdhui - timedelta(days=ans * 366)),
        gir=gir,
        gir_le=(gir_le or aujourdhui - timedelta(days=400)) if gir else None,
        sejour=None,
    )
    SejourFactory(
        dossier=dossier,
        etablissement=maison,
        unite=unite or maison.unites.get(nom="Magnolia"),
        place=None,
        entree_le=entree_le or aujourdhui - timedelta(days=500),
        sortie_le=sortie_le,
        sorti=bool(sortie_le),
    )
    return dossier


def test_le_gmp_d_une_maison_compte_les_classes_par_unite(maison):
    lilas = UniteFactory(nom="Lilas", etablissement=maison)
    for gir in (1, 2, 2):
        resident(maison, gir)
    resident(maison, 4, unite=lilas)
    resident(maison, None, unite=lilas)
    resident(maison, 1, unite=lilas, ans=50)

    lu = tableau(maison)

    assert {u.libelle: u.gmp for u in lu.unites} == {
        "Magnolia": Decimal("893.33"),
        "Lilas": Decimal("420.00"),
    }
    assert (lu.total.gmp, lu.total.classes, lu.total.presents) == (Decimal("775.00"), 4, 6)
    assert (lu.total.sans_gir, lu.total.trop_jeunes) == (1, 1)


def test_le_gmp_a_une_date_prend_le_gir_connu_alors(maison):
    dossier, aujourdhui = resident(maison, 6), timezone.localdate()
    EvaluationFactory(dossier=dossier, faite_le=timezone.now() - timedelta(days=100))
    EvaluationFactory(dossier=dossier, faite_le=timezone.now(), brouillon=True)

    assert tableau(maison).total.gmp == 1000
    assert tableau(maison, aujourdhui - timedelta(days=200)).total.gmp == 70
    assert tableau(maison, aujourdhui - timedelta(days=450)).total.gmp is None
    assert [x.gmp for _, x in tableau(maison).mois][-1] == 1000


def test_qui_est_sorti_ne_compte_plus_et_comptait_avant(maison):
    aujourdhui = timezone.localdate()
    resident(maison, 2, sortie_le=aujourdhui - timedelta(days=40))

    assert tableau(maison).total.gmp is None
    assert tableau(maison, aujourdhui - timedelta(days=60)).total.gmp == 840


def connecter_ici(en_tant_que, maison, role):
    return en_tant_que(role=role, etablissement=maison)


@pytest.mark.parametrize(
    ("role", "statut"), [("DIRECTEUR", 200), ("COMPTA", 200), ("IDE", 403), ("SECRETAIRE", 403)]
)
def test_la_page_s_ouvre_a_qui_lit_les_indicateurs(en_tant_que, maison, role, statut):
    assert connecter_ici(en_tant_que, maison, role).get("/indicateurs/gmp/").status_code == statut


def test_une_maison_sans_personne_classee_dit_non_disponible(en_tant_que, maison):
    resident(maison, None)

    page = connecter_ici(en_tant_que, maison, "DIRECTEUR").get("/indicateurs/gmp/")

    assert page.context["tableau"].total.gmp is None
    assert "non disponible" in page.text
    assert ">0,00<" not in page.text


def test_le_directeur_d_ailleurs_ne_lit_que_sa_maison(en_tant_que, maison):
    resident(maison, 1)
    autre = EtablissementFactory()

    page = connecter_ici(en_tant_que, autre, "DIRECTEUR").get(
        f"/indicateurs/gmp/?etablissement={maison.pk}"
    )

    assert page.context["maison"] == autre
    assert page.context["tableau"].total.gmp is None


@pytest.mark.parametrize("nombre", [1, 10])
def test_la_page_coute_autant_pour_un_que_pour_dix(
    en_tant_que, maison, nombre, django_assert_max_num_queries
):
    for n in range(nombre):
        EvaluationFactory(dossier=resident(maison, 1 + n % 6))
    client = connecter_ici(en_tant_que, maison, "DIRECTEUR")

    with django_assert_max_num_queries(15):
        assert client.get("/indicateurs/gmp/").status_code == 200


PMP = {"valeur": "200", "coupe_le": "01/03/2026", "valide_le": "01/06/2026", "medecin": "Dr Essai"}


def test_le_pmp_valide_donne_le_gmps_et_ne_change_plus(en_tant_que, maison):
    resident(maison, 1)
    client = connecter_ici(en_tant_que, maison, "MEDCO")
    for _ in range(2):  # a double click
        reponse = client.post("/indicateurs/gmp/pmp/", PMP | {"etablissement": maison.pk})
        assert reponse.url == "/indicateurs/gmp/"

    [pmp] = PmpValide.objects.all()
    assert tableau(maison).gmps == Decimal("1518.00")
    with pytest.raises(DatabaseError, match="ajout seul"), transaction.atomic():
        pmp.delete()


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("valeur", "0"), ("valeur", "abc"), ("valide_le", "01/01/2020"), ("valide_le", "01/01/2090")],
)
def test_un_pmp_impossible_est_refuse(en_tant_que, maison, champ, valeur):
    client = connecter_ici(en_tant_que, maison, "MEDCO")

    page = client.post(
        "/indicateurs/gmp/pmp/", PMP | {"etablissement": maison.pk} | {champ: valeur}
    )

    assert page.status_code == 422
    assert not PmpValide.objects.exists()


def test_nul_ne_note_le_pmp_d_une_autre_maison(en_tant_que, maison):
    client = connecter_ici(en_tant_que, EtablissementFactory(), "MEDCO")

    assert (
        client.post("/indicateurs/gmp/pmp/", PMP | {"etablissement": maison.pk}).status_code == 422
    )
    assert connecter_ici(en_tant_que, maison, "IDE").get("/indicateurs/gmp/pmp/").status_code == 403
    with pytest.raises(PermissionDenied):
        services_pmp.noter(
            client.habilitation,
            etablissement=maison,
            valeur=Decimal(200),
            coupe_le=timezone.localdate(),
            valide_le=timezone.localdate(),
            medecin="Dr Essai",
        )


# ---------------------------------------------------------------- what leaves as a file


def coupe(dossier, **champs):
    couples = {"1.etat": "12", "1.profil": "CH", "2.etat": "7", "2.profil": "S1"}
    return EvaluationFactory(dossier=dossier, grille="pathos", reponses=couples, **champs)


def test_les_profils_pathos_sortent_pour_qui_exporte_et_la_sortie_est_notee(en_tant_que, maison):
    dossier, parti = resident(maison, 2), resident(maison, 2, sortie_le=timezone.localdate())
    coupe(dossier, faite_le=timezone.now() - timedelta(days=90), auteur__last_name="Ancien")
    coupe(dossier, auteur__last_name="Recent")
    coupe(dossier, brouillon=True)
    coupe(parti)
    coupe(DossierFactory())  # of another house
    url = "/indicateurs/gmp/pathos.csv"
    reponse = connecter_ici(en_tant_que, maison, "MEDCO").get(url)
    _, *lignes = reponse.text.splitlines()
    assert len(lignes) == 2 and all(str(dossier.numero) in x for x in lignes), lignes
    assert '"12";"";"CH"' in lignes[0] and "Recent" in lignes[0]
    assert dossier.usager.nom_naissance not in reponse.text
    trace = EntreeJournal.objects.get(action="exporter")
    assert (trace.dossier, trace.bloc) == (dossier, "EVA")
    page = connecter_ici(en_tant_que, maison, "MEDCO").get("/indicateurs/gmp/")
    assert url in page.text

    directeur = connecter_ici(en_tant_que, maison, "DIRECTEUR")
    assert directeur.get(url).status_code == 403
    assert url not in directeur.get("/indicateurs/gmp/").text
    ailleurs = en_tant_que(role="MEDCO", etablissement=EtablissementFactory())
    assert str(dossier.numero) not in ailleurs.get(url).text


def test_le_gmp_sort_en_nombres_et_ce_qui_manque_reste_vide(en_tant_que, maison):
    resident(maison, 2)
    directeur = connecter_ici(en_tant_que, maison, "DIRECTEUR")
    _, unite, total = directeur.get("/indicateurs/gmp/gmp.csv").text.splitlines()
    assert unite.startswith('"Magnolia"') and '"840";"";"";""' in unite
    assert total.endswith('"840";"";"";""')
    assert (
        connecter_ici(en_tant_que, maison, "IDE").get("/indicateurs/gmp/gmp.csv").status_code == 403
    )
