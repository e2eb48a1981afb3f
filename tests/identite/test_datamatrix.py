"""Le datamatrix INS : composé, lu, refusé ; dessiné puis relu par un vrai décodeur."""

from datetime import date

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from dui.socle import datamatrix
from dui.socle.datamatrix import GS, DatamatrixIllisible, TraitsLus
from dui.socle.identite import cle_nir
from tests.identite.vecteurs import lignes, presents

ADA = TraitsLus(
    "185057512345673", "1.2.250.1.213.1.4.8", "ADA", "LOVELACE", "F", date(1815, 12, 10), "99100"
)
TEXTE = datamatrix.composer(ADA)

# What the published vectors call each refusal.
REFUS = {
    "error: not an INS datamatrix (header IS01 expected)": ("entete", ""),
    "error: matricule key is wrong": ("cle", "S1"),
    "error: unknown OID 1.2.250.1.213.1.4.5": ("oid", "1.2.250.1.213.1.4.5"),
    "error: missing blocks S5,S6": ("bloc", "S5,S6"),
    "error: missing blocks S5": ("bloc", "S5"),
    "error: sex must be M or F": ("trait", "S5"),
}


@presents
@pytest.mark.parametrize("cas", lignes("datamatrix_vectors.csv"), ids=lambda c: c["note"])
def test_chaque_datamatrix_des_vecteurs_est_lu_et_recompose_ou_refuse(cas):
    texte = cas["payload (GS shown as <GS>)"]
    if cas["expected"] != "ok":
        with pytest.raises(DatamatrixIllisible) as refus:
            datamatrix.lire(texte)
        assert (refus.value.code, refus.value.detail) == REFUS[cas["expected"]]
        return
    lu = datamatrix.lire(texte, accepte_test=True)
    jour = f"{lu.naissance:%d-%m}-{lu.naissance.year}"
    assert [lu.matricule, lu.oid, lu.prenoms, lu.nom, lu.sexe, jour, lu.cog] == [
        *(cas["S1_matricule"], cas["S2_oid"], cas["S3_prenoms"], cas["S4_nom"]),
        *(cas["S5_sexe"], cas["S6_date"], cas["S7_cog"]),
    ]
    assert datamatrix.composer(lu) == texte.replace("<GS>", GS)
    assert len(datamatrix.composer(lu)) == int(cas["length"])


noms = st.from_regex(r"[A-Z]{1,12}(?:[-' ][A-Z]{1,12}){0,7}", fullmatch=True).filter(
    lambda nom: len(nom) <= 100
)
racines = st.builds(
    "{}{:02d}{:02d}{}{:06d}".format,
    st.sampled_from("1278"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["01", "59", "2A", "2B", "99"]),
    st.integers(0, 999999),
)
identites = st.builds(
    TraitsLus,
    matricule=racines.map(lambda r: f"{r}{cle_nir(r):02d}"),
    oid=st.sampled_from(["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"]),
    prenoms=noms,
    nom=noms,
    sexe=st.sampled_from("MF"),
    naissance=st.dates(date(1850, 1, 1), date(2100, 1, 1)),
    cog=st.sampled_from(["", "63220", "2A004", "99352", "99999"]),
)


@given(identites)
def test_composer_puis_lire_rend_les_memes_traits(traits):
    assert datamatrix.lire(datamatrix.composer(traits)) == traits


@pytest.mark.lent
@given(identites, st.data())
def test_un_code_tronque_n_est_jamais_lu_a_moitie(traits, data):
    """Seule la fin d'un bloc S7, facultatif, peut manquer sans que rien ne manque."""
    texte = datamatrix.composer(traits)
    coupe = data.draw(st.integers(0, len(texte) - 1))
    try:
        lu = datamatrix.lire(texte[:coupe])
    except DatamatrixIllisible as refus:
        assert str(refus).endswith(".")
    else:
        assert lu == TraitsLus(**(vars(traits) | {"cog": ""}))


@pytest.mark.parametrize(
    "lu",
    [
        TEXTE,
        TEXTE.replace(GS, "<GS>"),
        TEXTE.replace(GS, "^]"),
        TEXTE.replace(GS, "{GS}"),
        TEXTE.replace(GS, "␝"),
        f"]d2{TEXTE}\r\n",
        f"  {TEXTE}\n",
    ],
)
def test_les_lecteurs_ecrivent_le_separateur_a_leur_maniere(lu):
    assert datamatrix.lire(lu) == ADA


@pytest.mark.parametrize(
    ("lu", "code"),
    [
        ("", "entete"),
        ("DC04FR0000001234", "entete"),
        (TEXTE.replace(GS, ""), "separateur"),
        (TEXTE.lower(), "clavier"),
        ("ISà&" + TEXTE[4:], "clavier"),
        (TEXTE.replace("S610-12-1815", "S631-02-1940"), "trait"),
        (TEXTE.replace("S799100", "S7ABCDE"), "trait"),
        (TEXTE + "S799100", "bloc"),
        (TEXTE + "S8", "bloc"),
        (TEXTE.replace("S3ADA", "S3"), "bloc"),
    ],
)
def test_ce_qui_est_perdu_est_dit_et_jamais_devine(lu, code):
    with pytest.raises(DatamatrixIllisible) as refus:
        datamatrix.lire(lu)
    assert refus.value.code == code


def test_une_identite_de_test_n_est_lue_que_si_on_l_accepte():
    texte = TEXTE.replace("213.1.4.8", "213.1.4.11")
    texte = texte.replace(f"4.11{GS}", "4.11")  # 20 characters: no separator
    with pytest.raises(DatamatrixIllisible) as refus:
        datamatrix.lire(texte)
    assert refus.value.code == "test"
    assert datamatrix.lire(texte, accepte_test=True).oid == "1.2.250.1.213.1.4.11"


def test_le_symbole_dessine_est_carre_et_se_relit_octet_pour_octet():
    lignes_ = datamatrix.carre(TEXTE)
    assert {len(ligne) for ligne in lignes_} == {len(lignes_)}
    assert relire(lignes_) == TEXTE.encode()


def test_le_chemin_svg_noircit_exactement_les_modules_noirs():
    import re

    cote, chemin = datamatrix.chemin_svg(TEXTE)
    points = [[False] * cote for _ in range(cote)]
    for x, y, longueur in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", chemin):
        for rang in range(int(longueur)):
            points[int(y)][int(x) + rang] = True
    assert points == datamatrix.carre(TEXTE)
    assert not any(points[0]) and not any(ligne[0] for ligne in points)  # quiet zone


def relire(points, echelle=4) -> bytes:
    from PIL import Image

    cote = len(points)
    image = Image.new("L", (cote, cote), 255)
    image.putdata([0 if noir else 255 for ligne in points for noir in ligne])
    image = image.resize((cote * echelle, cote * echelle), Image.Resampling.NEAREST)
    (lu,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.DataMatrix)
    return bytes(lu.bytes)
