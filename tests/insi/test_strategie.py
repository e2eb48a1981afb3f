"""L’ordre des appels : un par prénom, puis la liste."""

from hypothesis import given
from hypothesis import strategies as st

from dui.connecteurs.insi import Traits
from dui.connecteurs.insi.strategie import PRENOMS_MAX, aides, appels, conclure


def traits(*prenoms, lieu=""):
    return Traits("ADRUN", prenoms, "F", "1975-12-31", lieu)


def prenoms(*demandes, **champs):
    return [appel.prenom for appel in appels(traits(*demandes, **champs))]


def test_un_seul_prenom_fait_un_seul_appel():
    assert prenoms("ZOE") == ["ZOE"]


def test_chaque_prenom_dans_l_ordre_puis_la_liste():
    assert prenoms("OLA", "CATARINA", "BELLA") == ["OLA", "CATARINA", "BELLA", "OLA CATARINA BELLA"]


def test_un_prenom_repete_ne_se_demande_qu_une_fois():
    assert prenoms("JEAN", "JEAN") == ["JEAN", "JEAN JEAN"]


def test_trop_de_prenoms_ne_font_pas_trop_d_appels():
    demandes = prenoms(*[chr(65 + n) * 3 for n in range(20)])
    assert len(demandes) == PRENOMS_MAX + 1 and len(demandes[-1].split()) == 20


def test_un_lieu_inconnu_ne_se_transmet_pas():
    assert appels(traits("ZOE", lieu="99999"))[0].lieu == ""
    assert appels(traits("ZOE", lieu="99100"))[0].lieu == "99100"


@given(st.lists(st.sampled_from(["ZOE", "ANNE-MARIE", "JEAN", "D'ARC"]), min_size=1, max_size=12))
def test_la_liste_vient_en_dernier_et_rien_ne_se_repete(liste):
    demandes = prenoms(*liste)
    assert len(set(demandes)) == len(demandes)
    assert demandes[0] == liste[0] and demandes[-1] == " ".join(liste)
    assert set(demandes[:-1]) <= set(liste)


def test_trouve_l_emporte_puis_plusieurs_puis_personne():
    assert conclure(["01", "02", "00"]) == "00"
    assert conclure(["02", "01", "01"]) == "02"
    assert conclure(["01", "01"]) == "01"


def test_les_aides_ne_demandent_que_ce_qui_manque():
    assert "Ajoutez le lieu de naissance." in aides(traits("ZOE"), "02")
    assert "Ajoutez le lieu de naissance." not in aides(traits("ZOE", lieu="63220"), "02")
    assert any("tous les prénoms" in a for a in aides(traits("ZOE"), "02"))
    assert not any(a.startswith("Ajoutez tous") for a in aides(traits("ZOE", "ANNE"), "02"))
    assert aides(traits("ZOE"), "00") == ()
