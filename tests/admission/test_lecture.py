from datetime import date, datetime

import pytest

from admission.importation.lecture import ouvrir
from admission.importation.valeurs_brutes import ErreurDeCalcul, Formule
from tests.admission.fichiers import LIGNE, TITRES, csv, feuille_brute, xlsx


def lignes(fichier):
    return [ligne.cellules for ligne in ouvrir(fichier).lignes()]


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("encodage_de_base", [None, "utf-16", "utf-16-le", "utf-16-be"])
def test_les_accents_survivent_a_l_encodage_du_tableur(encodage, encodage_de_base):
    ligne = ["LEFÈVRE", "Zoé", "F", "12/05/1931", "69123", "À l’étage"]
    if (encodage_de_base or encodage) in ("cp850",):
        ligne[-1] = "À l'étage"
    fichier = csv([TITRES, *[ligne] * 20], encodage=encodage_de_base or encodage)
    assert lignes(fichier)[:2] == [TITRES, ligne]


@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("fin", ["\r\n", "\n", "\r"])
def test_le_separateur_et_les_fins_de_ligne_se_devinent(separateur, fin):
    assert lignes(csv([TITRES, LIGNE, LIGNE], separateur=separateur, fin=fin)) == [
        TITRES,
        LIGNE,
        LIGNE,
    ]


def test_les_virgules_dans_les_noms_ne_trompent_pas_la_lecture():
    ligne = ["DURAND", "Marie, Jeanne", "F", "12/05/1931", "69123", "12"]
    assert lignes(csv([TITRES, ligne, ligne])) == [TITRES, ligne, ligne]


def test_les_guillemets_protegent_separateurs_et_retours_a_la_ligne():
    fichier = csv([["Nom", "Note"], ['"D;U ""R"""', '"deux\r\nlignes"'], ["SUITE", "x"]])
    assert lignes(fichier) == [["Nom", "Note"], ['D;U "R"', "deux\nlignes"], ["SUITE", "x"]]


def test_la_premiere_ligne_d_excel_qui_annonce_le_separateur_n_est_pas_une_ligne():
    fichier = csv([["sep=,"], ["Nom,Prénom"], ["DURAND,Marie"]], separateur="§")
    tableau = ouvrir(fichier)
    assert [tuple(ligne) for ligne in tableau.lignes()] == [
        (1, ["Nom", "Prénom"]),
        (2, ["DURAND", "Marie"]),
    ]


def test_les_lignes_vides_ne_comptent_pas_mais_gardent_leur_numero():
    fichier = csv([TITRES, ["", "", "", "", "", ""], LIGNE])
    assert [ligne.numero for ligne in ouvrir(fichier).lignes()] == [1, 3]


def test_le_classeur_rend_textes_dates_et_nombres_comme_on_les_voit():
    fichier = xlsx(
        [
            ["Texte", "Entier", "Décimal", "NIR", "Date", "Date et heure", "Code", "Vrai"],
            [
                *["  Zoé ", 12, 12.5, 275126322074974, date(1931, 5, 12)],
                *[datetime(1931, 5, 12, 8), 1053, True],
            ],
        ],
        formats={"G2": "00000"},
    )
    assert lignes(fichier)[1] == [
        *["Zoé", "12", "12.5", "275126322074974", date(1931, 5, 12)],
        *[date(1931, 5, 12), "01053", "VRAI"],
    ]


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "[$-40C]d mmmm yyyy", "yyyy\\-mm\\-dd", "mmm-yy"])
def test_un_format_de_date_se_reconnait(code):
    fichier = xlsx([["Date", "x"], [11455, "x"]], formats={"A2": code})
    assert lignes(fichier)[1][0] == date(1931, 5, 12)


@pytest.mark.parametrize("code", ["General", "0.00", '# ##0 "jours"', "[Red]0", "h:mm"])
def test_un_format_de_nombre_n_est_pas_une_date(code):
    fichier = xlsx([["Nombre", "x"], [11455, "x"]], formats={"A2": code})
    assert lignes(fichier)[1][0] == "11455"


def test_une_cellule_calculee_reste_une_formule():
    ligne = lignes(xlsx([["A", "B"], ["=1+1", "=HYPERLINK(1)"]]))[1]
    assert all(isinstance(c, Formule) for c in ligne)


def test_une_erreur_de_calcul_est_vue():
    fichier = feuille_brute(b'<row r="1"><c t="e"><v>#REF!</v></c><c><v>1</v></c></row>')
    assert isinstance(lignes(fichier)[0][0], ErreurDeCalcul)


def test_le_texte_en_ligne_et_les_cellules_sautees_gardent_leur_place():
    fichier = feuille_brute(
        b'<row r="3"><c r="B3" t="inlineStr"><is><r><t>Ma</t></r><r><t>rie</t></r></is></c>'
        b'<c r="D3" t="d"><v>1931-05-12</v></c></row>'
    )
    assert [tuple(ligne) for ligne in ouvrir(fichier).lignes()] == [
        (3, ["", "Marie", "", date(1931, 5, 12)])
    ]


def test_les_autres_feuilles_sont_ignorees_et_on_le_dit():
    tableau = ouvrir(xlsx([TITRES, LIGNE], autres_feuilles=["Sorties"]))
    assert tableau.avertissements == [
        "Seule la feuille « Résidents » est lue ; les autres sont ignorées : « Sorties »."
    ]


def test_le_meme_tableau_se_relit():
    tableau = ouvrir(xlsx([TITRES, LIGNE]))
    assert list(tableau.lignes()) == list(tableau.lignes())
