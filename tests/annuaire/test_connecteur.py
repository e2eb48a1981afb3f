"""Le client de l’API Annuaire Santé, contre un vrai serveur sur la boucle locale."""

import json
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dui.connecteurs import annuaire_sante as api
from dui.connecteurs.annuaire_sante.client import PAR_PAGE, _page
from dui.demonstration.annuaire import ressources
from dui.demonstration.annuaire.serveur import Travers
from tests.annuaire.conftest import CLE
from tests.annuaire.factories import CABINET, EHPAD, activite

EXEMPLES = Path(__file__).parents[3] / "shared/data/annuaire/v2"
AVANT = datetime(2026, 11, 1, tzinfo=UTC)
QUAND = "2026-11-20T02:10:11+01:00"


class Sommeil(list):
    """Notes how long one would have slept."""

    def __call__(self, secondes):
        self.append(secondes)


@pytest.fixture
def sommeil():
    return Sommeil()


@pytest.fixture
def client(passerelle, sommeil):
    with ouvrir(passerelle.base, dormir=sommeil) as c:
        yield c


def ouvrir(base, *, cle=CLE, dormir=lambda s: None, **reglages):
    valeurs = {"delai": 2.0, "par_seconde": 1000.0} | reglages
    return api.Client(api.Reglages(base=base, cle=cle, **valeurs), dormir=dormir)


def toutes(client, sorte="Practitioner", depuis=AVANT):
    return [r for page in client.modifies(sorte, depuis) for r in page.trouvees]


# ------------------------------------------------------------------ what it says


def test_un_professionnel_se_lit_avec_son_adresse_mssante(client, passerelle):
    a = activite(1, mode="L")
    passerelle.ressources = ressources.toutes(_annuaire(a), QUAND)
    [lu] = toutes(client)
    assert (lu.rpps, lu.idnps, lu.nom, lu.prenom) == (a.rpps, a.idnps, "SAUCIER", "ARTHUR")
    assert (lu.profession, lu.savoir_faire, lu.actif) == ("10", "SM54", True)
    assert [(b.adresse, b.type, b.liste_rouge) for b in lu.bals] == [(a.mssante, "PER", False)]


def test_un_exercice_vient_avec_qui_et_ou(client, passerelle):
    passerelle.ressources = ressources.toutes(_annuaire(activite(1, structure=EHPAD)), QUAND)
    [page] = client.modifies("PractitionerRole", AVANT)
    [exercice] = page.trouvees
    assert exercice.mode == "L"
    jointes = {r.api: r for r in page.jointes}
    assert jointes[exercice.professionnel].nom == "SAUCIER"
    assert jointes[exercice.structure].finess == EHPAD.finess
    assert jointes[exercice.structure].commune == "SAUMUR"


def test_une_ressource_eteinte_n_a_plus_que_son_numero(client, passerelle):
    entiere = ressources.professionnel(activite(1), QUAND)
    passerelle.ressources = [ressources.inactive(entiere)]
    [lu] = toutes(client)
    assert (lu.actif, lu.nom, lu.bals) == (False, "", ())
    assert lu.rpps == activite(1).rpps


def test_un_courriel_ordinaire_n_est_jamais_une_adresse_mssante(client, passerelle):
    adresses = [{"system": "email", "value": "cabinet@exemple.fr"}, {"system": "phone"}]
    adresses.append(ressources.bal("rouge@mssante.fr", rouge=True))
    passerelle.ressources = [ressources.professionnel(activite(1), QUAND, telecom=adresses)]
    [lu] = toutes(client)
    assert [(b.adresse, b.liste_rouge) for b in lu.bals] == [("rouge@mssante.fr", True)]


def test_seuls_les_changements_depuis_la_date_reviennent(client, passerelle):
    passerelle.ressources = [
        ressources.professionnel(activite(1), "2026-10-01T00:00:00+01:00"),
        ressources.professionnel(activite(2), QUAND),
    ]
    assert [r.rpps for r in toutes(client)] == [activite(2).rpps]
    assert "_lastUpdated=ge2026-11-01" in passerelle.demandes[-1].replace("%2D", "-")


def test_un_professionnel_se_demande_par_son_numero(client, passerelle):
    passerelle.ressources = ressources.toutes(_annuaire(activite(1), activite(2)), QUAND)
    [lu] = client.par_identifiant("Practitioner", activite(2).rpps)
    assert lu.rpps == activite(2).rpps
    assert client.par_identifiant("Practitioner", "10000000000") == ()


# ------------------------------------------------------------------ pages


def test_les_pages_se_suivent_par_le_lien_donne(client, passerelle):
    nombre = PAR_PAGE * 2 + 5
    passerelle.ressources = [ressources.professionnel(activite(n), QUAND) for n in range(nombre)]
    assert len(toutes(client)) == nombre
    assert [d.split("?")[0] for d in passerelle.demandes] == [
        "/fhir/v2/Practitioner",
        "/fhir/v2/_page",
        "/fhir/v2/_page",
    ]


@pytest.mark.parametrize(
    "suite",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/fhir/v2/_page?id=x",
        "http://127.0.0.1:1/fhir/v2/_page?id=x",
        "file:///etc/passwd",
        "{base}/../../interne",
        "{racine}/ailleurs",
        "http://[::1",
        "http://127.0.0.1:porte/fhir/v2/",
    ],
)
def test_la_cle_ne_suit_jamais_un_lien_vers_ailleurs(client, passerelle, suite):
    racine = passerelle.base.removesuffix("/fhir/v2")
    passerelle.travers.suite = suite.format(base=passerelle.base, racine=racine)
    passerelle.ressources = [ressources.professionnel(activite(n), QUAND) for n in range(300)]
    with pytest.raises(api.ReponseIllisible):
        toutes(client)
    assert len(passerelle.demandes) == 1


def test_une_suite_sans_fin_s_arrete(passerelle):
    passerelle.travers.suite = f"{passerelle.base}/Practitioner?_count=1"
    passerelle.ressources = [ressources.professionnel(activite(n), QUAND) for n in range(300)]
    with ouvrir(passerelle.base, pages_max=4) as c, pytest.raises(api.ReponseIllisible):
        toutes(c)
    assert len(passerelle.demandes) == 5


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("statut", "erreur"),
    [
        (400, api.DemandeRefusee),
        (401, api.CleRefusee),
        (403, api.CleRefusee),
        (404, api.DemandeRefusee),
        (410, api.DemandeRefusee),
        (500, api.Injoignable),
        (503, api.Injoignable),
        (302, api.Injoignable),
    ],
)
def test_chaque_refus_a_son_erreur(client, passerelle, statut, erreur):
    passerelle.travers = Travers(statut=statut, entetes={"Location": "http://exemple.org/"})
    with pytest.raises(erreur) as e:
        toutes(client)
    assert CLE not in str(e.value) + repr(client.reglages)


def test_une_mauvaise_cle_se_dit(passerelle):
    with ouvrir(passerelle.base, cle="autre") as c, pytest.raises(api.CleRefusee):
        toutes(c)


def test_une_ressource_inconnue_rend_l_erreur_publiee(client):
    with pytest.raises(api.DemandeRefusee, match="400"):
        list(client.chercher("PractitiXXXner", []))


def test_on_attend_ce_que_la_passerelle_demande_puis_on_reprend(client, passerelle, sommeil):
    passerelle.travers = Travers(statut=429, entetes={"Retry-After": "7"}, pannes=2)
    passerelle.ressources = [ressources.professionnel(activite(1), QUAND)]
    assert len(toutes(client)) == 1
    assert [s for s in sommeil if s > 1] == [7, 7]


def test_l_attente_a_une_fin(client, passerelle, sommeil):
    passerelle.travers = Travers(statut=429, entetes={"Retry-After": "50"})
    with pytest.raises(api.TropDeDemandes):
        toutes(client)
    assert sum(sommeil) < 121


@pytest.mark.parametrize(
    ("entete", "attente"),
    [("3", 3), ("99999999999", 3600), ("demain", 5), ("", 5), ("-4", 5)],
)
def test_l_attente_demandee_se_lit_et_se_borne(passerelle, entete, attente):
    passerelle.travers = Travers(statut=429, entetes={"Retry-After": entete})
    with ouvrir(passerelle.base, attente_max=0) as c, pytest.raises(api.TropDeDemandes) as e:
        toutes(c)
    assert e.value.attente == attente


def test_l_attente_peut_etre_une_date(passerelle):
    quand = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    passerelle.travers = Travers(statut=429, entetes={"Retry-After": quand})
    with ouvrir(passerelle.base, attente_max=0) as c, pytest.raises(api.TropDeDemandes) as e:
        toutes(c)
    assert 25 < e.value.attente <= 30


def test_les_appels_s_espacent(passerelle, sommeil):
    passerelle.ressources = [ressources.professionnel(activite(n), QUAND) for n in range(500)]
    with ouvrir(passerelle.base, dormir=sommeil, par_seconde=0.001) as c:
        toutes(c)
    assert len(sommeil) == 2 and all(800 < s <= 1000 for s in sommeil)


def test_le_silence_a_une_fin(passerelle):
    passerelle.travers = Travers(muet=threading.Event())
    with ouvrir(passerelle.base, delai=0.2) as c, pytest.raises(api.Injoignable):
        toutes(c)
    passerelle.travers.muet.set()


def test_personne_a_cette_adresse(passerelle):
    with ouvrir("http://127.0.0.1:9/fhir/v2") as c, pytest.raises(api.Injoignable):
        toutes(c)


def test_la_cle_ne_part_jamais_en_clair_vers_l_exterieur():
    with pytest.raises(api.Injoignable, match="TLS"):
        ouvrir("http://gateway.exemple.org/fhir/v2")


# ------------------------------------------------------------------ hostile answers


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"<html>",
        b"[]",
        b'"x"',
        b"[" * 100_000,
        b'{"a":' * 60 + b"1" + b"}" * 60,
        b'{"resourceType": "OperationOutcome"}',
        b'{"resourceType": "Bundle", "type": "searchset", "entry": 3}',
        b" " * (17 * 2**20),
    ],
)
def test_une_reponse_hostile_est_une_erreur_de_l_annuaire(client, passerelle, corps):
    passerelle.travers = Travers(statut=200, corps=corps or b" ")
    with pytest.raises(api.ErreurAnnuaire):
        toutes(client)


NOMS = (
    "id identifier type coding code value telecom extension url valueCoding system name family "
    "given active meta tag qualification address line city practitioner reference"
)
CLES = st.sampled_from(NOMS.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda fils: st.lists(fils, max_size=3) | st.dictionaries(CLES, fils, max_size=4),
    max_leaves=25,
)


@given(JSON, st.sampled_from(["Practitioner", "Organization", "PractitionerRole", "Device"]))
def test_aucune_ressource_mal_formee_ne_casse_la_lecture(valeur, sorte):
    brut = {"resourceType": sorte, "id": "x"} | (valeur if isinstance(valeur, dict) else {})
    lue = api.lire(brut)
    assert lue is None or isinstance(lue.api, str)
    for nom in ("identifier", "telecom", "name", "code", "address"):
        api.lire(brut | {nom: valeur})


def test_un_texte_impossible_a_ranger_est_nettoye():
    brut = ressources.professionnel(activite(1), QUAND)
    brut["name"][0]["family"] = "SAU\x00CIER\ud800" + "X" * 5_000
    lu = api.lire(json.loads(json.dumps(brut)))
    assert lu.nom.startswith("SAUCIERX") and len(lu.nom) == 100


@pytest.mark.skipif(not EXEMPLES.exists(), reason="../shared/data/annuaire n’est pas présent")
def test_les_reponses_types_se_lisent():
    def page(nom):
        return _page(json.loads((EXEMPLES / nom).read_text()))

    role = page("practitionerrole_include_all.json")
    assert {type(r).__name__ for r in role.jointes} == {"Professionnel", "Structure"}
    assert [b.adresse for e in role.trouvees for b in e.bals] == [
        "arthur.saucier@ch-eure-seine.mssante.fr"
    ]
    rouges = [b for p in page("practitioner_mailbox_mss.json").trouvees for b in p.bals]
    assert [b.adresse for b in rouges if b.liste_rouge] == ["paul.martin@medecin.mssante.fr"]
    eteint = [r for r in page("practitioner_delta_with_inactive.json").trouvees if not r.actif]
    assert [r.idnps for r in eteint] == ["810005555551"]
    ehpad = page("organization_ehpad_partof.json").trouvees[0]
    assert (ehpad.finess, ehpad.secteur, ehpad.commune) == (
        "990000028",
        "SA17",
        "CLERMONT FERRAND",
    )
    assert [b.type for b in ehpad.bals] == ["ORG", "APP"]
    assert page("subsetted_elements_telecom.json").trouvees[0].partiel
    assert page("empty_searchset.json").trouvees == ()


def _annuaire(*activites):
    from dui.demonstration.annuaire.personnes import Annuaire

    return Annuaire(activites=list(activites), etablissements=[CABINET])
