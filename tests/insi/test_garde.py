"""Ce qui est refusé avant le réseau : aucun octet ne part."""

from dataclasses import replace

import pytest

from dui.connecteurs.insi import AppelInterdit, ClientInsi, Geste, IdentiteAVerifier, Traits
from tests.insi.outils import ADRUN, NIA, NIR, OID_DE_TEST

MATRICULE = "275126322074974"


@pytest.fixture
def refuse(client, insi):
    def demander(traits=ADRUN, **champs):
        with pytest.raises(AppelInterdit) as refus:
            client.rechercher(replace(traits, **champs))
        assert insi.recues == [] and refus.value.echanges == ()
        assert refus.value.geste is Geste.INTERDIRE and not refus.value.reessayable
        return refus.value.ligne.code

    return demander


@pytest.mark.parametrize("attribut", ["douteuse", "fictive"])
def test_une_identite_douteuse_ou_fictive_n_appelle_pas(refuse, attribut):
    assert refuse(attributs=frozenset({attribut})) == f"identite_{attribut}"
    assert refuse(attributs=frozenset({attribut, "homonyme"})) == f"identite_{attribut}"


def test_une_identite_homonyme_appelle(client):
    assert client.rechercher(replace(ADRUN, attributs=frozenset({"homonyme"}))).code == "00"


@pytest.mark.parametrize(
    "naissance",
    [
        "1975-12-00",
        "1975-00-31",
        "1975-00-00",
        "1975-02-30",
        "0000-01-01",
        "1849-12-31",
        "2999-01-01",
        "31/12/1975",
        "1975-12",
        "",
        "１９７５-12-31",
    ],
)
def test_une_date_de_naissance_interdite_n_appelle_pas(refuse, naissance):
    assert refuse(naissance=naissance) == "naissance_interdite"


@pytest.mark.parametrize("naissance", ["1975-12-31", "1960-01-01", "1936-06-01", "1850-01-01"])
def test_une_date_completee_selon_le_guide_appelle(client, naissance):
    """01 pour un jour ou un mois inconnu, 31/12 pour les deux : ce sont de vraies dates."""
    assert client.rechercher(replace(ADRUN, naissance=naissance)).code in ("00", "01")


@pytest.mark.parametrize("nom", ["", "Adrun", "ADRÛN", "ADRUN2", "-ADRUN", "AD  RUN", "A" * 101])
def test_un_nom_hors_du_jeu_de_caracteres_n_appelle_pas(refuse, nom):
    assert refuse(nom=nom) == "nom_interdit"


@pytest.mark.parametrize("prenoms", [(), ("",), ("Zoé",), ("ZOE", ""), ("ZOE-",), ("ZO--E",)])
def test_un_prenom_vide_ou_hors_du_jeu_de_caracteres_n_appelle_pas(refuse, prenoms):
    assert refuse(prenoms=prenoms) == "prenom_interdit"


@pytest.mark.parametrize("sexe", ["", "I", "f", "FEMININ"])
def test_sans_sexe_m_ou_f_on_n_appelle_pas(refuse, sexe):
    assert refuse(sexe=sexe) == "sexe_interdit"


@pytest.mark.parametrize("lieu", ["6322", "2C020", "PARIS", "632200", "63 22"])
def test_un_lieu_mal_forme_n_appelle_pas(refuse, lieu):
    assert refuse(lieu=lieu) == "lieu_interdit"


@pytest.mark.parametrize("nom", ["D'ARC", "GARCIA--LOPEZ", "LE GOFF", "'T HOOFT", "DUPONT'"])
def test_tirets_apostrophes_et_espaces_appellent(client, nom):
    assert client.rechercher(replace(ADRUN, nom=nom)).code == "01"


# ------------------------------------------------------------ matricule


@pytest.fixture
def refuse_de_verifier(reglages, insi):
    def demander(matricule=MATRICULE, oid=NIR, production=True, traits=ADRUN):
        client = ClientInsi(replace(reglages, production=production))
        with pytest.raises(AppelInterdit) as refus:
            client.verifier(IdentiteAVerifier(traits, matricule, oid))
        assert insi.recues == []
        return refus.value.ligne.code

    return demander


@pytest.mark.parametrize("oid", [OID_DE_TEST, "1.2.250.1.213.1.4.11"])
def test_un_matricule_de_test_ne_part_pas_en_production(refuse_de_verifier, oid):
    assert refuse_de_verifier(oid=oid) == "oid_de_test"


@pytest.mark.parametrize(
    "oid", ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.13", "1.2.250.1.213.1.4.14", "1.2.3"]
)
def test_un_numero_qui_n_est_pas_un_ins_ne_part_jamais(refuse_de_verifier, oid):
    assert refuse_de_verifier(oid=oid) == "oid_inconnu"
    assert refuse_de_verifier(oid=oid, production=False) == "oid_inconnu"


def test_un_matricule_ne_part_pas_sans_oid(refuse_de_verifier):
    assert refuse_de_verifier(oid="") == "matricule_interdit"


@pytest.mark.parametrize("matricule", ["", "2751263220749", "2751263220749AB", "27512632C074974"])
def test_un_matricule_mal_forme_ne_part_pas(refuse_de_verifier, matricule):
    assert refuse_de_verifier(matricule=matricule) == "matricule_interdit"


def test_une_identite_douteuse_ne_se_verifie_pas_non_plus(refuse_de_verifier):
    douteuse = replace(ADRUN, attributs=frozenset({"douteuse"}))
    assert refuse_de_verifier(traits=douteuse, production=False) == "identite_douteuse"


def test_un_nia_se_verifie(client):
    traits = Traits("PROVISOIRE", ("MATRICULE",), "M", "2009-07-01", "63220")
    assert client.verifier(IdentiteAVerifier(traits, "109076322088835", NIA)).conforme
