from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dui.socle import identite
from tests.identite.vecteurs import lignes
from tests.identite.vecteurs import presents as vecteurs

AUJOURD_HUI = date(2026, 9, 30)


def lire(texte, **options):
    return identite.lire_naissance(texte, aujourd_hui=AUJOURD_HUI, **options)


# ------------------------------------------------------------------ vecteurs publiés


@vecteurs
@pytest.mark.parametrize("cas", lignes("nir_vectors.csv"), ids=lambda c: c["nir"] or "vide")
def test_chaque_numero_des_vecteurs_est_juge_comme_attendu(cas):
    assert identite.matricule_valide(cas["nir"]) == (cas["valid"] == "true")
    if cas["expected_key"]:
        assert identite.cle_nir(cas["nir"][:13]) == int(cas["expected_key"])


@vecteurs
@pytest.mark.parametrize("cas", lignes("lexical_vectors.csv"), ids=lambda c: c["input"])
def test_chaque_nom_des_vecteurs_est_mis_en_forme_et_juge(cas):
    attendu = cas["normalised"]
    admis = (cas["valid_as_birth_name"] == "true", cas["valid_as_first_name"] == "true")
    if any(admis):
        assert identite.forme_ins(cas["input"]) == attendu
    assert (identite.nom_naissance_admis(attendu), identite.prenom_admis(attendu)) == admis


@vecteurs
@pytest.mark.parametrize("cas", lignes("first_name_vectors.csv"), ids=lambda c: c["premier_prenom"])
def test_le_premier_prenom_est_la_tete_de_la_liste(cas):
    en_tete = identite.premier_prenom_en_tete(cas["premier_prenom"], cas["liste_prenoms"])
    assert en_tete == (cas["accepted_without_alert"] == "true")


@vecteurs
@pytest.mark.parametrize("cas", lignes("test_identities.csv"), ids=lambda c: c["matricule15"])
def test_les_identites_de_test_publiees_sont_lues_meme_quand_leur_cle_est_fausse(cas):
    matricule = identite.lire_matricule(cas["matricule15"])
    assert str(matricule) == cas["matricule15"]
    assert matricule.cle_attendue == cas["key_computed"]
    assert matricule.cle_juste == (cas["key_valid"] == "true")
    connu = cas["matricule15"] in identite.MATRICULES_DE_TEST_A_CLE_FAUSSE
    assert connu == (not matricule.cle_juste)


@vecteurs
def test_les_oid_connus_sont_ceux_de_la_liste_publiee():
    usages = {ligne["oid"]: ligne["use"] for ligne in lignes("oids.csv")}
    assert {o for o, u in usages.items() if u == "production"} == {
        identite.OID_NIR,
        identite.OID_NIA,
    }
    assert {o for o, u in usages.items() if u in ("test", "demo")} == identite.OID_DE_TEST


# ------------------------------------------------------------------ numéros


@pytest.mark.parametrize(
    "texte, attendu",
    [
        ("2 79 03 51 215 189 89", "279035121518989"),
        ("2.79.03.51.215.189/89", "279035121518989"),
        ("2790351215189", "279035121518989"),
        ("297022a02077878", "297022A02077878"),
        ("1600 12B 020 777 13", "160012B02077713"),
    ],
)
def test_le_numero_se_lit_avec_ses_espaces_sans_sa_cle_ou_en_minuscules(texte, attendu):
    assert str(identite.lire_matricule(texte)) == attendu


@pytest.mark.parametrize("texte", ["", "2,79035E+14", "979035121518989", "27903512151898", "XX"])
def test_ce_qui_n_a_pas_la_forme_d_un_numero_n_est_pas_lu(texte):
    assert identite.lire_matricule(texte) is None


racines = st.builds(
    "{}{:02d}{:02d}{}{:06d}".format,
    st.sampled_from("123478"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["01", "59", "75", "2A", "2B", "97", "99"]),
    st.integers(0, 999999),
)


@given(racines, st.integers(0, 14))
def test_un_chiffre_change_se_voit_toujours_a_la_cle(racine, position):
    """97 est premier : une erreur d'un seul chiffre ne peut pas laisser la clé juste."""
    matricule = identite.lire_matricule(racine)
    assert matricule.cle_juste and 1 <= int(matricule.cle) <= 97
    caracteres = list(str(matricule))
    if not caracteres[position].isdigit() or position in (5, 6):
        return
    caracteres[position] = str((int(caracteres[position]) + 1) % 10)
    assert not identite.matricule_valide("".join(caracteres))


def test_le_numero_dit_un_autre_sexe_ou_un_autre_mois_que_les_traits():
    matricule = identite.lire_matricule("275126322074974")
    traits = {"sexe": "F", "naissance": date(1975, 12, 31)}
    assert identite.incoherences(matricule, **traits) == []
    assert identite.incoherences(matricule, **traits | {"sexe": "M"}) == ["le sexe"]
    ecarts = identite.incoherences(matricule, sexe="F", naissance=date(1976, 11, 1))
    assert ecarts == ["l’année de naissance", "le mois de naissance"]
    assert (
        identite.incoherences(
            matricule, sexe="F", naissance=date(1975, 1, 1), incomplete="jour_mois"
        )
        == []
    )


def test_un_mois_fictif_du_numero_ne_contredit_rien():
    matricule = identite.lire_matricule("2752063220749")
    assert matricule.mois is None
    assert identite.incoherences(matricule, sexe="F", naissance=date(1975, 3, 1)) == []


# ------------------------------------------------------------------ noms


@given(st.text(max_size=40))
def test_la_mise_en_forme_est_stable(texte):
    une_fois = identite.forme_ins(texte)
    assert identite.forme_ins(une_fois) == une_fois


@given(st.text(alphabet="ABCDÉàç '-’", max_size=30))
def test_trait_d_union_apostrophe_et_espace_se_valent(texte):
    variante = texte.replace("-", " ").replace("'", "-").replace("’", " ")
    assert identite.cle_comparaison(texte) == identite.cle_comparaison(variante)


# ------------------------------------------------------------------ lieu de naissance


@pytest.mark.parametrize("code", ["63220", "01053", "2A004", "2B020", "97411", "99352", "99999"])
def test_les_codes_de_commune_et_de_pays_sont_admis(code):
    assert identite.cog_admis(code)


@pytest.mark.parametrize("code", ["", "00123", "6322", "2C004", "63 220", "96001", "PARIS", "٦٣"])
def test_les_codes_mal_formes_sont_refuses(code):
    assert not identite.cog_admis(code)


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    "texte",
    [
        "1931-05-12",
        "12/05/1931",
        "12-05-1931",
        "12.05.1931",
        "12 05 1931",
        "12/5/1931",
        "12051931",
        "19310512",
        "12 mai 1931",
        "12/05/1931 00:00:00",
        "1931-05-12T00:00:00",
        "12/05/31",
        "né le 12/05/1931",
        "11455",
        "11455.0",
        date(1931, 5, 12),
        datetime(1931, 5, 12, 0, 0),
    ],
)
def test_toutes_les_ecritures_usuelles_donnent_la_meme_date(texte):
    lue = lire(texte)
    assert (lue.date, lue.incomplete) == (date(1931, 5, 12), "")


@pytest.mark.parametrize(
    "texte, attendue, incomplete",
    [
        ("00/00/1931", date(1931, 12, 31), "jour_mois"),
        ("1931", date(1931, 12, 31), "jour_mois"),
        ("1931-00-00", date(1931, 12, 31), "jour_mois"),
        ("??/??/1931", date(1931, 12, 31), "jour_mois"),
        ("00/05/1931", date(1931, 5, 1), "jour"),
        ("05/1931", date(1931, 5, 1), "jour"),
        ("mai 1931", date(1931, 5, 1), "jour"),
        ("12/00/1931", date(1931, 1, 12), "mois"),
        ("vers 1931", date(1931, 12, 31), "annee"),
    ],
)
def test_une_date_partielle_suit_la_regle_nationale_et_garde_sa_marque(texte, attendue, incomplete):
    lue = lire(texte)
    assert (lue.date, lue.incomplete) == (attendue, incomplete)


@pytest.mark.parametrize(
    "texte, raison",
    [
        ("31/02/1931", "n’existe pas"),
        ("05/23/1931", "inversés"),
        ("30/09/2027", "futur"),
        ("01/10/2026", "futur"),
        ("10/12/1815", "plus de 125 ans"),
        ("00/00/0000", "Année inconnue"),
        ("01/²/1950", "n’existe pas"),
        ("①/①/1950", "n’existe pas"),
        ("vers 0000", "JJ/MM/AAAA"),
        ("hier", "JJ/MM/AAAA"),
        ("", "JJ/MM/AAAA"),
    ],
)
def test_une_date_impossible_est_refusee_avec_sa_raison(texte, raison):
    with pytest.raises(identite.DateIllisible, match=raison):
        lire(texte)


def test_deux_chiffres_d_annee_suivent_le_siecle_du_domaine():
    assert lire("12/05/21").date == date(1921, 5, 12)
    assert lire("12/05/21").remarque == "Année « 21 » lue 1921."
    assert lire("12/05/21", siecle=2000).date == date(2021, 5, 12)
    assert lire("12/05/31", siecle=2000).date == date(1931, 5, 12)
    with pytest.raises(identite.DateIllisible, match="quatre chiffres"):
        lire("12/05/21", siecle=None)


@given(st.dates(date(1902, 1, 1), AUJOURD_HUI))
def test_ecrire_puis_lire_rend_la_meme_date(jour):
    for texte in (f"{jour:%d/%m/%Y}", f"{jour:%Y-%m-%d}", f"{jour:%d.%m.%Y}", f"{jour:%d%m%Y}"):
        assert lire(texte).date == jour


@given(st.dates(date(1928, 1, 1), AUJOURD_HUI))
def test_un_numero_de_jour_d_excel_rend_sa_date(jour):
    numero = (jour - date(1899, 12, 30)) // timedelta(days=1)
    assert lire(str(numero)).date == jour


presque_des_dates = st.from_regex(
    r"[\w?]{1,2}[-/. ][\w?]{1,2}[-/. ]\d{2,4}|(VERS|EN) \d{4}", fullmatch=True
)


@given(st.one_of(st.text(max_size=12), presque_des_dates))
def test_n_importe_quel_texte_se_lit_ou_se_refuse_en_francais(texte):
    try:
        lue = lire(texte)
    except identite.DateIllisible as refus:
        assert str(refus).endswith((".", "»."))
    else:
        assert lue.date.year > 1900
