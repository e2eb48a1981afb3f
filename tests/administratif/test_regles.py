import pytest
from hypothesis import given
from hypothesis import strategies as st

from administratif.regles import composer, telephone


@pytest.mark.parametrize(
    "saisi",
    [
        *("0639980112", "06.39.98.01.12", "06 39 98 01 12", "+33 6 39 98 01 12"),
        *("0033639980112", "+33 (0)6 39 98 01 12", " 06-39-98-01-12 "),
    ],
)
def test_un_numero_francais_s_ecrit_toujours_de_la_meme_facon(saisi):
    assert telephone(saisi) == "06 39 98 01 12"


def test_un_numero_etranger_reste_comme_on_l_a_ecrit():
    assert telephone("+351 21 123 4567") == "+351 21 123 4567"
    assert composer("+351 21 123 4567") == "+351211234567"


@pytest.mark.parametrize("saisi", ["12", "06 39 98 01", "chez sa fille", "06 39 98 01 12 poste 4"])
def test_ce_qui_ne_se_compose_pas_est_refuse(saisi):
    with pytest.raises(ValueError):
        telephone(saisi)


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_relire_un_numero_ne_le_change_plus(chiffres):
    ecrit = telephone(chiffres)
    assert telephone(ecrit) == ecrit and composer(ecrit) == chiffres
