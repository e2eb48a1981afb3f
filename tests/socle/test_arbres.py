"""Les nomenclatures en arbre : SERAFIN-PH, entière, cherchable."""

import csv
from pathlib import Path

import pytest

from dui.socle import arbres, codes

pytestmark = pytest.mark.django_db
PUBLIEE = Path(__file__).parents[3] / "shared/data/serafin/serafin_ph.csv"
LISTES = {
    "besoin_serafin": 35,
    "prestation_directe_serafin": 37,
    "prestation_indirecte_serafin": 35,
    "transport_serafin": 4,
}


@pytest.mark.parametrize(("liste", "nombre"), LISTES.items())
def test_chaque_arbre_est_entier_sous_une_seule_racine(liste, nombre):
    [racine] = arbres.arbre(liste)

    assert len(list(arbres.parcourir([racine]))) == nombre
    for noeud in arbres.parcourir([racine]):
        assert noeud.feuille == codes.codes(liste)[noeud.code].proprietes["feuille"]
        assert all(e.code.startswith(f"{noeud.code}.") for e in noeud.enfants)


def test_une_feuille_dit_son_chemin():
    [douleur] = arbres.chercher("besoin_serafin", "1.1.3")

    assert douleur.en_contexte.startswith("Besoins › Besoins en matière de santé")
    assert douleur.libelle == "Besoins en matière de douleur"


@pytest.mark.parametrize(
    ("texte", "codes_"),
    [("DOULEUR", {"1.1.3"}), ("mental cognitiv", {"1.1.1"}), ("psychïques cognitives", {"1.1.1"})],
)
def test_on_cherche_par_mots_sans_accent_ni_casse(texte, codes_):
    assert codes_ <= {n.code for n in arbres.chercher("besoin_serafin", texte)}


def test_un_code_trouve_ce_qui_est_sous_lui_et_pas_ses_voisins():
    trouves = {n.code for n in arbres.chercher("besoin_serafin", "1.1")}

    assert {"1.1", "1.1.1", "1.1.9"} <= trouves
    assert not any(c.startswith(("1.2", "1.3")) for c in trouves)
    assert {n.code for n in arbres.chercher("prestation_indirecte_serafin", "3.1.1")} == {
        n
        for n in codes.codes("prestation_indirecte_serafin")
        if n == "3.1.1" or n.startswith("3.1.1.")
    }


def test_rien_demande_ne_trouve_rien():
    assert arbres.chercher("besoin_serafin", "  ") == []
    assert arbres.chercher("besoin_serafin", "tarot") == []


def test_le_libelle_affiche_est_propre_et_l_officiel_est_garde():
    [code] = [
        c for c in codes.codes("prestation_indirecte_serafin").values()
        if "libelle_officiel" in c.proprietes
    ]  # fmt: skip

    assert code.code == "3.1.3.1"
    assert "2002-2" in code.proprietes["libelle_officiel"]
    assert "2002-2" not in code.libelle


@pytest.mark.skipif(not PUBLIEE.exists(), reason="../shared/data/serafin n’est pas présent")
def test_les_codes_et_les_parents_sont_ceux_de_la_liste_publiee():
    with PUBLIEE.open(encoding="utf-8", newline="") as flux:
        publies = {ligne["code"]: ligne["parent"] for ligne in csv.DictReader(flux)}

    ici = {
        c.code: c.parent
        for liste in (
            "besoin_serafin",
            "prestation_directe_serafin",
            "prestation_indirecte_serafin",
        )
        for c in codes.codes(liste).values()
    }
    assert ici == publies
