"""La vérification : une à une, en lot, et ce qui la remplace tant que le contrat manque."""

from dataclasses import replace

import pytest

from dui.connecteurs.insi import (
    AppelInterdit,
    ClientInsi,
    FauteDuService,
    Geste,
    IdentiteAVerifier,
    ReponseRefusee,
    Traits,
)
from tests.insi.outils import ADRUN, CORSE, ECETINSI, HERMANN, NIA, NIR, nommee, trouve

ADRUN_VERIFIEE = IdentiteAVerifier(ADRUN, "275126322074974", NIR)
CORSE_VERIFIE = IdentiteAVerifier(CORSE, "180032B02040123", NIR)
HERMANN_VERIFIE = IdentiteAVerifier(HERMANN, "181036322045660", NIR)


@pytest.fixture(params=[False, True], ids=["par l’opération", "par la recherche"])
def verifieur(request, reglages):
    """En production sans le contrat officiel, la recherche tient lieu de vérification."""
    return ClientInsi(replace(reglages, production=request.param))


@pytest.mark.parametrize("identite", [ADRUN_VERIFIEE, CORSE_VERIFIE, HERMANN_VERIFIE])
def test_une_identite_exacte_est_confirmee_meme_a_cle_fausse(verifieur, identite):
    verification = verifieur.verifier(identite)
    assert verification.conforme and verification.geste is Geste.CONFIRMER
    assert verification.par_recherche == verifieur.reglages.production
    assert verification.echanges[-1].reponse


@pytest.mark.parametrize(
    "identite",
    [
        replace(ADRUN_VERIFIEE, matricule="275126322074903"),
        replace(ADRUN_VERIFIEE, oid=NIA),
        replace(ADRUN_VERIFIEE, traits=replace(ADRUN, nom="DUPONT")),
        replace(ADRUN_VERIFIEE, traits=replace(ADRUN, naissance="1975-12-30")),
        replace(ADRUN_VERIFIEE, traits=replace(ADRUN, sexe="M")),
        replace(ADRUN_VERIFIEE, traits=replace(ADRUN, lieu="63113")),
        replace(ADRUN_VERIFIEE, traits=replace(ADRUN, prenoms=("ZOE", "ANNE"))),
        IdentiteAVerifier(ECETINSI, "209076322083439", NIR),  # a former number
    ],
    ids=["matricule", "oid", "nom", "date", "sexe", "lieu", "prénoms", "ancien matricule"],
)
def test_un_seul_trait_qui_differe_n_est_pas_confirme(verifieur, identite):
    verification = verifieur.verifier(identite)
    assert not verification.conforme and verification.geste is Geste.RETROGRADER
    assert "ne confirme pas" in verification.message


def test_une_panne_n_est_pas_un_refus(verifieur, insi):
    """Le service en panne ne rétrograde personne."""
    insi.travers.effet = "indisponible"
    with pytest.raises(FauteDuService) as faute:
        verifieur.verifier(ADRUN_VERIFIEE)
    assert faute.value.reessayable


def test_une_reponse_abimee_n_est_pas_un_refus(verifieur, insi):
    insi.travers.effet = "tronque"
    with pytest.raises(ReponseRefusee):
        verifieur.verifier(ADRUN_VERIFIEE)


def test_un_compte_rendu_inconnu_n_est_ni_oui_ni_non(client, insi):
    insi.travers.corps = trouve().replace(b"00</CodeCR>", b"07</CodeCR>")
    with pytest.raises(ReponseRefusee) as refus:
        client.verifier(ADRUN_VERIFIEE)
    assert refus.value.code == "reponse:code_inconnu:07"


def test_une_autre_personne_en_reponse_n_est_pas_une_confirmation(reglages, insi):
    insi.travers.corps = trouve(naissance="1975-12-30")
    client = ClientInsi(replace(reglages, production=True))
    assert not client.verifier(ADRUN_VERIFIEE).conforme


# ------------------------------------------------------------ many


def test_un_lot_rend_a_chacune_son_issue(client, insi):
    douteuse = replace(CORSE_VERIFIE, traits=replace(CORSE, attributs=frozenset({"douteuse"})))
    fausse = replace(HERMANN_VERIFIE, matricule="181036322045661")
    issues = list(client.verifier_en_lot([ADRUN_VERIFIEE, douteuse, fausse, CORSE_VERIFIE]))
    assert [i for i, _ in issues] == [ADRUN_VERIFIEE, douteuse, fausse, CORSE_VERIFIE]
    un, deux, trois, quatre = (issue for _, issue in issues)
    assert un.conforme and quatre.conforme and not trois.conforme
    assert isinstance(deux, AppelInterdit) and deux.code == "garde:identite_douteuse"
    assert len(insi.recues) == 3


@pytest.mark.parametrize("nom", ["PANNE", "LOGICIEL", "ERREUR"])
def test_un_lot_s_arrete_a_ce_qui_arreterait_tous_les_autres(client, insi, nom):
    perdue = IdentiteAVerifier(nommee(nom), "275126322074974", NIR)
    issues = list(client.verifier_en_lot([ADRUN_VERIFIEE, perdue, CORSE_VERIFIE]))
    assert len(issues) == 2 and len(insi.recues) == 2
    assert issues[0][1].conforme and issues[1][0] is perdue


def test_un_lot_ne_s_arrete_pas_a_une_reponse_abimee(client):
    abimee = IdentiteAVerifier(nommee("TRONQUE"), "275126322074974", NIR)
    issues = [issue for _, issue in client.verifier_en_lot([abimee, ADRUN_VERIFIEE])]
    assert isinstance(issues[0], ReponseRefusee) and issues[1].conforme


def test_un_lot_ne_se_fait_jamais_par_des_recherches(reglages, insi):
    """La récupération en masse est interdite : sans le contrat, le lot n’a pas lieu."""
    client = ClientInsi(replace(reglages, production=True))
    with pytest.raises(AppelInterdit) as refus:
        list(client.verifier_en_lot([ADRUN_VERIFIEE]))
    assert refus.value.code == "garde:verification_en_masse"
    assert insi.recues == []


def test_le_contrat_installe_ouvre_la_verification_en_production(reglages, insi, tmp_path):
    from dui.connecteurs.insi.validation import NOTRES

    (tmp_path / "verification.xsd").write_bytes((NOTRES / "verification.xsd").read_bytes())
    client = ClientInsi(replace(reglages, production=True, schemas=tmp_path))
    assert client.sait_verifier
    verification = client.verifier(ADRUN_VERIFIEE)
    assert verification.conforme and not verification.par_recherche


def test_la_verification_par_recherche_ne_prend_que_la_liste_entiere(reglages):
    """Trouver par un prénom ne confirme pas les autres."""
    traits = Traits("TCHITCHI", ("CATARINA",), "F", "1936-06-21", "63220")
    client = ClientInsi(replace(reglages, production=True))
    assert not client.verifier(IdentiteAVerifier(traits, "236066322083656", NIR)).conforme


def test_un_matricule_de_demonstration_se_confirme_par_sa_cle_seule(client):
    """INSi de la démonstration ne connaît pas les résidents inventés."""
    juste = IdentiteAVerifier(ADRUN, "240036322000193", "1.2.250.1.213.1.4.11")
    cle = f"{97 - int(juste.matricule[:13]) % 97:02d}"
    assert client.verifier(replace(juste, matricule=juste.matricule[:13] + cle)).conforme
    fausse = f"{(int(cle) + 1) % 97:02d}"
    assert not client.verifier(replace(juste, matricule=juste.matricule[:13] + fausse)).conforme
