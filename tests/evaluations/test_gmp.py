"""GMP et GMPS : le règlement, et « non disponible » quand personne n’est classé."""

from decimal import Decimal

import pytest

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur.gmp import gmp, gmps

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
