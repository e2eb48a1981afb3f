"""Chaque réponse connue d’INSi, par le vrai client, sous TLS, et le geste qu’elle appelle."""

import csv
from dataclasses import replace

import pytest

from dui.connecteurs.insi import ClientInsi, ErreurINSi, FauteDuService, Geste, Traits
from dui.connecteurs.insi.codes import codes, connu
from tests.insi.outils import (
    ADRUN,
    CORSE,
    DONNEES,
    ECETINSI,
    EXEMPLES,
    HERMANN,
    HOMONYME,
    HOUILLES,
    NIA,
    NIR,
    OID_DE_TEST,
    PROVISOIRE,
    avec_les_donnees,
    nommee,
    trouve,
)


def test_adrun_00_ses_traits_sont_proposes(client, insi):
    reponse = client.rechercher(ADRUN)
    assert (reponse.code, reponse.geste) == ("00", Geste.PROPOSER)
    qui = reponse.identite
    assert (qui.nom, qui.liste_prenoms, qui.sexe, qui.lieu) == ("ADRUN", "ZOE", "F", "63220")
    assert qui.naissance.isoformat() == "1975-12-31"
    assert (str(qui.matricule), qui.matricule.oid) == ("275126322074974", NIR)
    assert (qui.matricule.nature, qui.historique) == ("NIR", ())
    assert reponse.avertissements == ()
    assert len(insi.recues) == 1


def test_corse_00_le_departement_et_le_matricule_gardent_leur_lettre(client):
    reponse = client.rechercher(CORSE)
    qui = reponse.identite
    assert reponse.geste is Geste.PROPOSER
    assert (str(qui.matricule), qui.lieu) == ("180032B02040123", "2B020")
    assert qui.matricule.cle_juste
    # The active number is said again in the history: no former number for all that.
    assert len(qui.historique) == 1 and qui.anciens_matricules == ()


@pytest.mark.parametrize(
    ("nom", "sexe", "naissance", "lieu", "matricule"),
    [
        ("DOMINIQUE", "F", "1997-02-26", "2A020", "297022A02077878"),
        ("TOUSSAINT", "M", "1960-01-01", "2B020", "160012B02077713"),
    ],
)
def test_les_deux_departements_corses_se_demandent(client, nom, sexe, naissance, lieu, matricule):
    reponse = client.rechercher(Traits("ADRTROIS", (nom,), sexe, naissance, lieu))
    assert str(reponse.identite.matricule) == matricule
    assert reponse.identite.matricule.cle_juste


def test_ecetinsi_00_l_historique_en_desordre_se_lit(client):
    """La réponse officielle ne suit pas son propre schéma : DateDeb avant IdIndividu."""
    qui = client.rechercher(ECETINSI).identite
    assert qui.liste_prenoms == "PIERRE-ALAIN MURIEL FLORIANT"
    assert [str(m) for m in qui.anciens_matricules] == ["209076322083439", "209066322012355"]
    # Kept as received, though they contradict each other.
    assert (qui.historique[0].debut, qui.historique[0].fin) == ("2019-03-01", "2019-02-28")


def test_hermann_00_une_cle_fausse_s_accepte_et_se_dit(client):
    reponse = client.rechercher(HERMANN)
    assert reponse.geste is Geste.PROPOSER
    assert str(reponse.identite.matricule) == "181036322045660"
    assert reponse.avertissements == ("cle_fausse",)
    assert [str(m) for m in reponse.identite.anciens_matricules] == ["281036322045610"]


def test_provisoire_00_un_nia_se_distingue_d_un_nir(client):
    qui = client.rechercher(PROVISOIRE).identite
    assert (qui.matricule.oid, qui.matricule.nature) == (NIA, "NIA")
    assert (str(qui.matricule), qui.prenom) == ("109076322088835", "MATRICULE")


@pytest.mark.parametrize(
    ("demandes", "recu", "premier"),
    [
        (("ZOE",), "ZOE ANNE", "ZOE"),
        (("ANNE MARIE", "ZOE"), "ANNE MARIE ZOE", "ANNE MARIE"),
        (("ANNE-MARIE",), "ANNE MARIE ZOE", "ANNE-MARIE"),
        (("ZOE",), "ANNE MARIE ZOE", "ANNE"),
        (("ANN",), "ANNE MARIE", "ANNE"),
    ],
)
def test_le_premier_prenom_est_la_tete_de_la_liste(client, insi, demandes, recu, premier):
    insi.travers.corps = trouve(liste=recu)
    reponse = client.rechercher(replace(ADRUN, prenoms=demandes))
    assert reponse.premier_prenom == premier


def test_houilles_01_personne_et_l_on_demande_si_c_est_le_nom_de_naissance(client):
    reponse = client.rechercher(HOUILLES)
    assert (reponse.code, reponse.geste) == ("01", Geste.REFORMULER)
    assert reponse.identite is None
    assert reponse.aides[0].startswith("Est-ce bien le nom de naissance ?")
    assert not any("sans le lieu" in aide for aide in reponse.aides)


def test_01_avec_un_lieu_on_propose_d_essayer_sans(client):
    traits = Traits("HOUILLES", ("PIERRE",), "M", "1993-01-27", "78311")
    assert any("sans le lieu" in aide for aide in client.rechercher(traits).aides)


def test_homonyme_02_plusieurs_puis_le_lieu_les_distingue(client):
    reponse = client.rechercher(HOMONYME)
    assert (reponse.code, reponse.geste) == ("02", Geste.PRECISER)
    assert reponse.identite is None
    assert reponse.aides[0] == "Ajoutez le lieu de naissance."
    precise = Traits("HOMONYME", ("MARIE",), "F", "1938-05-04", "44109")
    assert client.rechercher(precise).identite.liste_prenoms == "MARIE LOUISE"


def test_tchitchi_le_prenom_utilise_ne_donne_rien_puis_celui_de_naissance_repond(client, insi):
    traits = Traits("TCHITCHI", ("OLA", "CATARINA", "BELLA"), "F", "1936-06-21", "63220")
    reponse = client.rechercher(traits)
    assert reponse.code == "00" and reponse.avertissements == ()
    assert [e.code for e in reponse.echanges] == ["01", "00"]
    assert str(reponse.identite.matricule) == "236066322083656"


FAUTES = [
    ("LOGICIEL", "desir_550", "siram_100", Geste.CONFIGURER),
    ("PANNE", "insi_102", "siram_40", Geste.REESSAYER),
    ("CERTIFICAT", "desir_560", "siram_100", Geste.CONFIGURER),
]


@pytest.mark.parametrize(("nom", "code", "siram", "geste"), FAUTES, ids=[f[1] for f in FAUTES])
def test_une_faute_du_service_garde_ses_codes_et_appelle_son_geste(client, nom, code, siram, geste):
    with pytest.raises(FauteDuService) as faute:
        client.rechercher(nommee(nom))
    assert faute.value.code.startswith(f"faute:{code}:{siram}")
    assert faute.value.geste is geste
    assert faute.value.reessayable == (geste is Geste.REESSAYER)
    assert faute.value.echanges[0].statut == 500
    assert code.encode() in faute.value.echanges[0].reponse


def test_un_oid_de_test_n_est_jamais_repris_en_production(reglages):
    production = ClientInsi(replace(reglages, production=True))
    traits = Traits("HOMONYME", ("MARIE",), "F", "1938-05-04", "44109")
    reponse = production.rechercher(traits)
    assert (reponse.identite, reponse.motif) == (None, "oid_de_test")
    assert reponse.geste is Geste.CONFIGURER
    assert OID_DE_TEST.encode() in reponse.brut
    assert ClientInsi(reglages).rechercher(traits).identite.matricule.oid == OID_DE_TEST


def test_ce_qui_fut_recu_est_garde_octet_pour_octet(client, insi):
    reponse = client.rechercher(ECETINSI)
    echange = reponse.echanges[-1]
    assert echange.reponse == reponse.brut and b"2019-02-28" in reponse.brut
    assert echange.requete == insi.recues[-1].octets
    assert echange.message_id.encode() in echange.requete
    assert (echange.certificat, echange.statut, echange.code) == ("INSI-MANU", 200, "00")
    assert echange.le.tzinfo is not None


def test_ni_les_traits_ni_la_reponse_ne_se_montrent_dans_une_trace(client):
    reponse = client.rechercher(ADRUN)
    montre = "".join(
        map(repr, (ADRUN, reponse, reponse.identite, reponse.identite.matricule, reponse.echanges))
    )
    assert "ADRUN" not in montre and "2751263220749" not in montre


# ------------------------------------------------------------ published samples, byte for byte

EXEMPLES_ATTENDUS = {
    "response_00_adrun.xml": (ADRUN, Geste.PROPOSER, "275126322074974"),
    "response_00_corse.xml": (CORSE, Geste.PROPOSER, "180032B02040123"),
    "response_00_histo.xml": (ECETINSI, Geste.PROPOSER, "109076322083489"),
    "response_00_histo_bad_key.xml": (HERMANN, Geste.PROPOSER, "181036322045660"),
    "response_00_nia.xml": (PROVISOIRE, Geste.PROPOSER, "109076322088835"),
    "response_01_none.xml": (HOUILLES, Geste.REFORMULER, ""),
    "response_02_many.xml": (HOMONYME, Geste.PRECISER, ""),
    "fault_siram_100_desir_550.xml": (ADRUN, Geste.CONFIGURER, ""),
    "fault_siram_40_insi_102.xml": (ADRUN, Geste.REESSAYER, ""),
}


@avec_les_donnees
@pytest.mark.parametrize("fichier", EXEMPLES_ATTENDUS)
def test_l_exemple_publie_donne_le_geste_attendu(client, insi, fichier):
    traits, geste, matricule = EXEMPLES_ATTENDUS[fichier]
    insi.travers.corps = (EXEMPLES / fichier).read_bytes()
    insi.travers.statut = 500 if fichier.startswith("fault") else 200
    try:
        obtenu = client.rechercher(traits)
    except ErreurINSi as erreur:
        assert (erreur.geste, matricule) == (geste, "")
        return
    assert obtenu.geste is geste
    assert (str(obtenu.identite.matricule) if obtenu.identite else "") == matricule
    assert obtenu.brut == insi.travers.corps


@avec_les_donnees
@pytest.mark.parametrize("fichier", EXEMPLES_ATTENDUS)
def test_l_insi_local_repond_comme_l_exemple_publie(client, insi, fichier):
    """Le même client lit la même chose des deux côtés."""
    traits, *_ = EXEMPLES_ATTENDUS[fichier]
    if fichier.startswith("fault"):
        noms = {"fault_siram_100_desir_550.xml": "LOGICIEL", "fault_siram_40_insi_102.xml": "PANNE"}
        traits = nommee(noms[fichier])
    local = _issue(client, traits)
    insi.travers.corps = (EXEMPLES / fichier).read_bytes()
    insi.travers.statut = 500 if fichier.startswith("fault") else 200
    assert _issue(client, traits) == local


def _issue(client, traits):
    try:
        reponse = client.rechercher(traits)
    except ErreurINSi as erreur:
        return erreur.code
    return reponse.code, reponse.identite, reponse.avertissements, reponse.aides


@avec_les_donnees
def test_aucun_exemple_publie_n_est_oublie():
    publies = {f.name for f in EXEMPLES.glob("*.xml")} - {"request_traits.xml"}
    assert publies == set(EXEMPLES_ATTENDUS)


@avec_les_donnees
def test_chaque_code_publie_a_sa_ligne():
    with (DONNEES / "insi_codes.csv").open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier))
    assert len(lignes) >= 7
    for ligne in lignes:
        if ligne["layer"] == "CR":
            assert codes()["CR", ligne["code"]].libelle == ligne["label"]
        elif ligne["layer"] == "SOAP fault":
            assert all(connu("faute", code) for code in ligne["code"].split(" + "))
        else:
            assert ligne["code"] == "timeout" and connu("transport", "silence")


def test_chaque_code_a_un_geste_et_un_message_qui_dit_quoi_faire():
    assert len(codes()) > 40
    for ligne in codes().values():
        assert ligne.geste in Geste and ligne.libelle
        assert ligne.message.endswith(".") and "\n" not in ligne.message
        assert "'" not in ligne.message


def test_aucun_echec_ne_laisse_croire_que_le_dossier_a_change():
    """Ce qui vient du service le dit en toutes lettres, ou dit que rien n’est parti."""
    for (couche, _), ligne in codes().items():
        if couche == "reponse" or ligne.code in ("silence", "coupure", "http_5xx"):
            assert "Le dossier n’a pas changé" in ligne.message
