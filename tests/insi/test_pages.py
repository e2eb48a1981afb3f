"""Interroger INSi depuis la page de l’identité : par TLS, chaque réponse connue et son geste."""

import csv

import pytest

from dui.connecteurs.insi.codes import Geste
from dui.socle.models import AppelInsi, AttenteInsi, Evenement, Usager
from dui.socle.statuts import Cause
from tests.identite.outils import relu
from tests.insi.outils import DONNEES, EXEMPLES, avec_les_donnees, trouve
from tests.insi.pages import adresse, cliquer, decider, interroger, personne, texte
from tests.outils import formulaire_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretaire(en_tant_que, ouvert):
    return lambda dossier: en_tant_que(dossier, role="SECRETAIRE")


def faits(dossier):
    """Everything of the person but the time of the last call."""
    usager = Usager.objects.values().get(pk=dossier.usager_id)
    return {n: v for n, v in usager.items() if n not in ("interroge_insi_le", "version")}


# ------------------------------------------------------------ every sample, through the page

CODES_DES_EXEMPLES = [
    # file, whose dossier, code of insi_codes.csv, gesture, words of the page
    ("response_00_adrun", "ADRUN", "00", Geste.PROPOSER, "retrouvé une identité"),
    ("response_00_corse", "CORSE", "00", Geste.PROPOSER, "retrouvé une identité"),
    ("response_00_nia", "PROVISOIRE", "00", Geste.PROPOSER, "Matricule reçu : NIA"),
    ("response_00_histo", "ECETINSI", "00", Geste.PROPOSER, "retrouvé une identité"),
    ("response_00_histo_bad_key", "HERMANN", "00", Geste.PROPOSER, "INSi fait foi"),
    ("response_01_none", "HOUILLES", "01", Geste.REFORMULER, "Est-ce bien le nom de naissance ?"),
    ("response_02_many", "HOMONYME", "02", Geste.PRECISER, "Ajoutez le lieu de naissance."),
    (
        "fault_siram_100_desir_550",
        "ADRUN",
        "siram_100 + desir_550",
        Geste.CONFIGURER,
        "prévenez l’administrateur",
    ),
    (
        "fault_siram_40_insi_102",
        "ADRUN",
        "siram_40 + insi_102",
        Geste.REESSAYER,
        "réessayez plus tard",
    ),
]
ACTIONS = {
    Geste.PROPOSER: "side by side",
    Geste.REFORMULER: "no status change",
    Geste.PRECISER: "no status change",
    Geste.CONFIGURER: "alert administrator, no retry",
    Geste.REESSAYER: "retry later with backoff",
}


@avec_les_donnees
@pytest.mark.parametrize(
    ("fichier", "nom", "code", "geste", "mots"),
    CODES_DES_EXEMPLES,
    ids=[c[0] for c in CODES_DES_EXEMPLES],
)
def test_chaque_exemple_publie_donne_son_action_par_la_page(
    fichier, nom, code, geste, mots, secretaire, insi
):
    with (DONNEES / "insi_codes.csv").open(encoding="utf-8", newline="") as f:
        actions = {ligne["code"]: ligne["action in the DUI"] for ligne in csv.DictReader(f)}
    assert actions[code].startswith(ACTIONS[geste]) or ACTIONS[geste] in actions[code]
    dossier = personne(nom)
    avant = faits(dossier)
    insi.travers.corps = (EXEMPLES / f"{fichier}.xml").read_bytes()
    insi.travers.statut = 500 if fichier.startswith("fault") else 200
    page = interroger(secretaire(dossier), dossier)
    assert page.status_code == 200 and mots in texte(page)
    assert ("Accepter ces traits" in texte(page)) == (geste is Geste.PROPOSER)
    assert faits(dossier) == avant  # nothing by itself
    appel = AppelInsi.objects.get(conclut=True)
    assert appel.resultat == geste and appel.relire() == insi.travers.corps


def test_aucun_exemple_publie_n_est_oublie():
    if not EXEMPLES.is_dir():
        pytest.skip("../shared/data/ins n’est pas présent")
    publies = {f.stem for f in EXEMPLES.glob("*.xml")} - {"request_traits"}
    assert publies == {c[0] for c in CODES_DES_EXEMPLES}


# ------------------------------------------------------------ found


@pytest.mark.parametrize(
    ("nom", "matricule", "oid"),
    [
        ("ADRUN", "275126322074974", "8"),
        ("CORSE", "180032B02040123", "8"),
        ("ECETINSI", "109076322083489", "8"),
        ("HERMANN", "181036322045660", "8"),
        ("PROVISOIRE", "109076322088835", "9"),
    ],
)
def test_trouvee_puis_acceptee_la_provisoire_est_recuperee(nom, matricule, oid, secretaire):
    """Dont les deux réponses imparfaites : l’historique en désordre, la clé fausse."""
    dossier = personne(nom)
    client = secretaire(dossier)
    page = texte(interroger(client, dossier))
    assert "identique" in page and "différent" not in page
    assert matricule not in page and relu(dossier).statut_identite == "PROV"
    assert "maintenant récupérée" in texte(decider(client, dossier, "accepter"))
    usager = relu(dossier)
    assert (usager.statut_identite, usager.matricule_ins, usager.recueil) == (
        "RECUP",
        matricule,
        "INSI",
    )
    assert usager.oid_ins == f"1.2.250.1.213.1.4.{oid}"


def test_la_validee_devient_qualifiee_et_sa_liste_de_prenoms_se_complete(secretaire, insi):
    insi.travers.corps = trouve(liste="ZOE ANNE")
    dossier = personne("ADRUN", "VALI")
    client = secretaire(dossier)
    assert "compatible" in texte(interroger(client, dossier))
    assert "maintenant qualifiée" in texte(decider(client, dossier, "accepter"))
    assert relu(dossier).prenoms == "ZOE ANNE"


def test_ce_qui_differe_se_dit_en_mots_et_se_confirme(secretaire, insi):
    insi.travers.corps = trouve(nom="ADRUN", liste="JEANNE", lieu="49328")
    dossier = personne("ADRUN")
    client = secretaire(dossier)
    page = texte(interroger(client, dossier))
    assert page.count("différent") >= 2 and "Aucun des prénoms demandés" in page
    refus = decider(client, dossier, "accepter")
    assert refus.status_code == 422 and "À cocher pour accepter" in texte(refus)
    assert relu(dossier).statut_identite == "PROV"
    decider(client, dossier, "accepter", confirmer="on")
    assert (relu(dossier).statut_identite, relu(dossier).prenoms) == ("RECUP", "JEANNE")


def test_sur_une_validee_qu_insi_contredit_seule_la_divergence_se_note(secretaire, insi):
    insi.travers.corps = trouve(liste="JEANNE")
    dossier = personne("ADRUN", "VALI")
    client, avant = secretaire(dossier), faits(dossier)
    assert "Rien ne sera pris d’INSi" in texte(interroger(client, dossier))
    assert "Divergence notée" in texte(decider(client, dossier, "accepter"))
    assert faits(dossier) == avant
    assert Evenement.objects.filter(type=f"identite.{Cause.INSI_DIVERGENTE.value}").count() == 1


def test_refusee_rien_ne_change(secretaire):
    dossier = personne("ADRUN")
    client, avant = secretaire(dossier), faits(dossier)
    interroger(client, dossier)
    assert "Réponse refusée" in texte(decider(client, dossier, "refuser"))
    assert faits(dossier) == avant
    assert Evenement.objects.filter(type="identite.insi_refusee").count() == 1
    assert AttenteInsi.objects.get().relire() == b""


def test_un_matricule_deja_porte_se_refuse_et_rien_ne_se_perd(secretaire):
    personne("ADRUN", "RECUP", matricule="275126322074974")
    dossier = personne("ADRUN")
    client = secretaire(dossier)
    interroger(client, dossier)
    refus = decider(client, dossier, "accepter")
    assert refus.status_code == 422 and "déjà ce matricule" in texte(refus)
    assert "Accepter ces traits" in texte(client.get(adresse("_insi", dossier)))
    assert relu(dossier).statut_identite == "PROV"


# ------------------------------------------------------------ nobody, several


def test_personne_puis_plusieurs_le_statut_ne_bouge_pas_et_l_appel_se_note(secretaire):
    for nom, cause in (("HOUILLES", "insi_aucune"), ("HOMONYME", "insi_plusieurs")):
        dossier = personne(nom)
        avant = faits(dossier)
        interroger(secretaire(dossier), dossier)
        assert faits(dossier) == avant and relu(dossier).interroge_insi_le
        assert Evenement.objects.filter(type=f"identite.{cause}", dossier=dossier).exists()


def test_plusieurs_on_corrige_les_traits_on_revient_et_insi_repond(secretaire):
    dossier = personne("HOMONYME")
    client = secretaire(dossier)
    page = interroger(client, dossier)
    correction = adresse("_traits", dossier) + "?suite=insi"
    assert correction in page.content.decode()
    _, lus = formulaire_de(client.get(correction))
    retour = client.post(
        correction, lus | {"lieu_naissance_cog": "44109", "motif": "Extrait de naissance"}
    )
    assert retour.url == adresse("_insi", dossier)
    assert "L’identité a changé depuis cet appel" in texte(client.get(retour.url))
    page = cliquer(client, retour.url, adresse("_insi_interroger", dossier))
    assert "MARIE LOUISE" in texte(page)


# ------------------------------------------------------------ what waits is kept from others


def test_la_reponse_attend_chiffree_et_jamais_dans_la_page_ni_l_adresse(secretaire):
    dossier = personne("ADRUN")
    page = interroger(secretaire(dossier), dossier)
    attente = AttenteInsi.objects.get()
    assert b"275126322074974" in attente.relire()
    assert b"ADRUN" not in bytes(attente.chiffre) + bytes(AppelInsi.objects.get().chiffre)
    assert "2751263220749" not in page.content.decode()
    assert page.request["PATH_INFO"] == adresse("_insi", dossier)
    assert not page.request.get("QUERY_STRING")


def test_acceptee_deux_fois_acceptee_une_fois(secretaire):
    dossier = personne("ADRUN")
    client = secretaire(dossier)
    page = interroger(client, dossier)
    action, lus = formulaire_de(page, adresse("_insi_decider", dossier))
    envoi = lus | {"decision": "accepter"}
    client.post(action, envoi)
    version = relu(dossier).version
    assert "déjà été traitée" in texte(client.post(action, envoi, follow=True))
    assert relu(dossier).version == version
    assert Evenement.objects.filter(type="identite.insi_trouvee").count() == 1


def test_l_identite_a_change_entre_temps_le_conflit_se_montre(secretaire):
    dossier = personne("ADRUN")
    client = secretaire(dossier)
    interroger(client, dossier)
    page = client.get(adresse("_insi", dossier))
    Usager.objects.filter(pk=dossier.usager_id).update_sans_historique(
        motif="essai", version=7, prenoms="ZOE ANNE"
    )
    action, lus = formulaire_de(page, adresse("_insi_decider", dossier))
    conflit = client.post(action, lus | {"decision": "accepter"})
    assert conflit.status_code == 409 and "L’identité a changé" in texte(conflit)
    assert "Interroger INSi de nouveau" in texte(conflit)
    assert relu(dossier).statut_identite == "PROV"


def test_la_reponse_d_une_collegue_ou_trop_ancienne_ne_s_accepte_pas(secretaire, settings):
    dossier = personne("ADRUN")
    autre = secretaire(dossier)
    interroger(autre, dossier)
    attente = AttenteInsi.objects.get()
    moi = secretaire(dossier)
    assert "Aucune réponse n’attend" in texte(moi.get(adresse("_insi", dossier)))
    envoi = {"attente": attente.pk, "decision": "accepter"}
    assert moi.post(adresse("_insi_decider", dossier), envoi).status_code == 422
    attente.expire_le = attente.recue_le
    attente.save()
    assert autre.post(adresse("_insi_decider", dossier), envoi).status_code == 422
    assert relu(dossier).statut_identite == "PROV"


def test_la_reponse_d_un_autre_dossier_ne_s_accepte_pas_ici(secretaire):
    la, ici = personne("ADRUN"), personne("CORSE")
    client = secretaire(la)
    interroger(client, la)
    attente = AttenteInsi.objects.get()
    autre = secretaire(ici)
    AttenteInsi.objects.filter(pk=attente.pk).update_sans_historique(
        motif="essai", compte=autre.compte
    )
    envoi = {"attente": attente.pk, "decision": "accepter"}
    assert autre.post(adresse("_insi_decider", ici), envoi).status_code == 422
    assert relu(ici).statut_identite == "PROV"


# ------------------------------------------------------------ who


@pytest.mark.parametrize(
    ("page", "role", "statut"),
    [
        ("_insi", "SECRETAIRE", 200),
        ("_insi", "IDE", 403),
        ("_insi_carte", "SECRETAIRE", 200),
        ("_insi_carte", "IDE", 403),
        ("_insi_appels", "IDENTITOVIG", 200),
        ("_insi_appels", "SECRETAIRE", 403),
    ],
)
def test_qui_ouvre_quelle_page_d_insi(page, role, statut, en_tant_que, ouvert):
    dossier = personne("ADRUN")
    assert en_tant_que(dossier, role=role).get(adresse(page, dossier)).status_code == statut
    assert en_tant_que(role="SECRETAIRE").get(adresse(page, dossier)).status_code == 404


def test_sans_le_droit_de_saisir_l_identite_rien_ne_part(en_tant_que, ouvert, insi):
    dossier = personne("ADRUN")
    for nom in ("interroger", "verifier"):
        soignante = en_tant_que(dossier, role="IDE")
        assert soignante.post(adresse(f"_insi_{nom}", dossier)).status_code == 403
        ailleurs = en_tant_que(role="SECRETAIRE")
        assert ailleurs.post(adresse(f"_insi_{nom}", dossier)).status_code == 404
    assert insi.recues == [] and not AppelInsi.objects.exists()
    assert "Interroger INSi" not in texte(soignante.get(adresse("", dossier)))
