"""Chaque ligne de la table nationale des passages est un test ; le reste est refusé."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dui.socle.enums import StatutIdentite
from dui.socle.statuts import (
    REGLES,
    RETIRENT_LE_MATRICULE,
    Cause,
    ChangementRefuse,
    Faits,
    Garde,
    passer,
)
from tests.identite.vecteurs import lignes, presents

CAUSES = {
    "create_manual": [Cause.CREATION],
    "create_from_insi": [Cause.CREATION_INSI],
    "create_from_appli_carte_vitale": [Cause.CREATION_APCV],
    "insi_00": [Cause.INSI_TROUVEE],
    "insi_01": [Cause.INSI_AUCUNE],
    "insi_02": [Cause.INSI_PLUSIEURS],
    "insi_01_or_02": [Cause.INSI_AUCUNE, Cause.INSI_PLUSIEURS],
    "insi_00_divergent": [Cause.INSI_DIVERGENTE],
    "proof_checked": [Cause.PIECE_CONTROLEE],
    "proof_incoherent": [Cause.PIECE_INCOHERENTE],
    "insi_verif_ko": [Cause.VERIFICATION_KO],
    "insi_verif_ok": [Cause.VERIFICATION_OK],
    "strict_trait_changed": [Cause.TRAIT_MODIFIE],
    "used_name_or_used_first_name_changed": [Cause.USAGE_MODIFIE],
    "set_douteuse": [Cause.DOUTE],
    "set_fictive": [Cause.FICTIVE],
    "clear_douteuse": [Cause.DOUTE_LEVE],
    "set_homonyme": [Cause.HOMONYME],
    "clear_homonyme": [Cause.HOMONYME_LEVE],
    "proof_invalidated": [Cause.CONTROLE_ANNULE],
    "merge_into": [Cause.FUSION],
    "datamatrix_scanned": [Cause.DATAMATRIX],
    "flow_received": [Cause.FLUX],
}
FAITS = {
    "(none)": None,
    "PROV": Faits(),
    "RECUP": Faits(recuperee=True),
    "VALI": Faits(validee=True),
    "QUAL": Faits(recuperee=True, validee=True),
}
TABLE = lignes("identity_status_transitions.csv")


def departs(ligne):
    return list(FAITS)[1:] if ligne["from"] == "ANY" else [ligne["from"]]


def cas_de_la_table():
    for ligne in TABLE:
        for depart, cause in product(departs(ligne), CAUSES[ligne["event"]]):
            yield pytest.param(ligne, depart, cause, id=f"{depart} {ligne['event']} {ligne['to']}")


@presents
@pytest.mark.parametrize(("ligne", "depart", "cause"), list(cas_de_la_table()))
def test_chaque_passage_de_la_table_nationale(ligne, depart, cause):
    faits = FAITS[depart]
    if cause == Cause.DOUTE_LEVE:
        faits = Faits(douteuse=True)
    garde = Garde(confiance_elevee="low confidence" not in ligne["guard"])
    apres = passer(faits, cause, garde)
    attendu = ligne["to"]
    if attendu in ("(same)", "survivor: recomputed", "(search)", "(none)"):
        attendu = depart
    assert apres.statut == attendu
    retire = "matricule+OID removed" in ligne["effects"] or "invalidated" in ligne["effects"]
    if faits and faits.recuperee:
        assert (cause in RETIRENT_LE_MATRICULE) == retire


@presents
def test_toute_paire_absente_de_la_table_est_refusee():
    listees = {(d, c) for ligne in TABLE for d in departs(ligne) for c in CAUSES[ligne["event"]]}
    autres = set(product(FAITS, Cause)) - listees
    assert len(autres) > 40
    for depart, cause in sorted(autres):
        with pytest.raises(ChangementRefuse):
            passer(FAITS[depart], cause)
    connues = {(s.value if s else "(none)", c) for s, c in REGLES}
    assert connues == listees


@presents
def test_les_attributs_se_cumulent_comme_le_dit_la_liste_nationale():
    permis = {
        ligne["attribute"]: ligne["combinable_with"] for ligne in lignes("identity_attributes.csv")
    }
    for un, autre in product(permis, permis):
        if un == autre:
            continue
        if autre in permis[un]:
            assert Faits(**{un: True, autre: True})
        else:
            with pytest.raises(ChangementRefuse):
                Faits(**{un: True, autre: True})


@pytest.mark.parametrize("attribut", ["douteuse", "fictive"])
@pytest.mark.parametrize("cause", [Cause.INSI_TROUVEE, Cause.PIECE_CONTROLEE])
def test_une_identite_douteuse_ou_fictive_ne_devient_pas_plus_sure(attribut, cause):
    faits = Faits(**{attribut: True})
    assert faits.suspecte
    with pytest.raises(ChangementRefuse, match="levez d’abord"):
        passer(faits, cause)


def test_une_fictive_ne_devient_pas_homonyme_et_une_homonyme_pas_fictive():
    for faits, cause in (
        (Faits(fictive=True), Cause.HOMONYME),
        (Faits(fictive=True), Cause.DOUTE),
        (Faits(homonyme=True), Cause.FICTIVE),
        (Faits(douteuse=True), Cause.FICTIVE),
    ):
        with pytest.raises(ChangementRefuse, match="aucun autre attribut"):
            passer(faits, cause)


def test_deux_qualifiees_de_matricules_differents_ne_fusionnent_pas():
    with pytest.raises(ChangementRefuse, match="matricules différents"):
        passer(FAITS["QUAL"], Cause.FUSION, Garde(qualifiees_differentes=True))


def test_lever_un_doute_qui_n_existe_pas_est_refuse():
    with pytest.raises(ChangementRefuse, match="pas signalée"):
        passer(Faits(), Cause.DOUTE_LEVE)


@given(st.lists(st.sampled_from(list(Cause)), max_size=25))
def test_aucune_suite_de_gestes_ne_mene_a_une_identite_incoherente(causes):
    """Douteuse ou fictive est toujours provisoire ; fictive est toujours seule."""
    faits = passer(None, Cause.CREATION)
    for cause in causes:
        try:
            faits = passer(faits, cause)
        except ChangementRefuse:
            continue
        assert not faits.suspecte or faits.statut == StatutIdentite.PROVISOIRE
        assert not (faits.fictive and (faits.homonyme or faits.douteuse))
        assert (faits.statut == StatutIdentite.QUALIFIEE) == (faits.recuperee and faits.validee)
