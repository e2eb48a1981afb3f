"""Ce qui ne fait jamais une moitié d’identité, vu de la page : INSi absent, muet, abîmé ou faux."""

import pytest
from django.db import connection
from django.urls import reverse

from dui.connecteurs.insi import ClientInsi
from dui.connecteurs.insi.local import Autorite
from dui.socle.models import AppelInsi, AttenteInsi, Usager
from tests.identite.outils import relu
from tests.insi.pages import adresse, interroger, personne, texte

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretaire(en_tant_que, ouvert):
    return lambda dossier: en_tant_que(dossier, role="SECRETAIRE")


def verifier_que_rien_ne_change(secretaire, dossier, mots, resultat):
    """A message that says what to do, the trace of the call, the same identity to the letter."""
    avant = Usager.objects.values().get(pk=dossier.usager_id)
    page = interroger(secretaire(dossier), dossier)
    assert page.status_code == 200 and mots in texte(page), texte(page)
    assert "les soins n’attendent pas INSi" in texte(page)
    assert "Accepter ces traits" not in texte(page)
    assert Usager.objects.values().get(pk=dossier.usager_id) == avant
    appel = AppelInsi.objects.latest("le")
    assert appel.resultat == resultat and ":" in appel.code  # the layer, then what it was
    assert '"traits"' not in AttenteInsi.objects.get().relire().decode()


@pytest.mark.parametrize(
    ("nom", "mots", "resultat"),
    [
        ("PANNE", "momentanément indisponible", "reessayer"),
        ("LOGICIEL", "numéro d’autorisation", "configurer"),
        ("CERTIFICAT", "INSI-AUTO ou INSI-MANU", "configurer"),
        ("COUPURE", "s’est coupée", "reessayer"),
        ("ERREUR", "en panne", "reessayer"),
        ("VIDE", "réponse vide", "reessayer"),
        ("DEMESURE", "démesurée", "ecarter"),
        ("ENTITES", "déclarations interdites", "ecarter"),
        ("TRONQUE", "abîmée", "ecarter"),
        ("LUNAIRE", "date de naissance incomplète", "ecarter"),
    ],
)
def test_chaque_defaut_d_insi_se_dit_et_ne_change_rien(nom, mots, resultat, secretaire):
    verifier_que_rien_ne_change(secretaire, personne(nom), mots, resultat)


@pytest.mark.parametrize("nom", ["SILENCE", "GOUTTE"])
def test_un_silence_a_une_fin_et_la_page_le_dit(nom, secretaire, settings):
    settings.INSI_DELAI_LECTURE, settings.INSI_DELAI = 0.3, 0.6
    verifier_que_rien_ne_change(secretaire, personne(nom), "INSi ne répond pas", "reessayer")


def test_personne_a_l_adresse_d_insi(secretaire, settings):
    settings.INSI_URL = "https://127.0.0.1:9/lps"
    verifier_que_rien_ne_change(secretaire, personne("ADRUN"), "injoignable", "reessayer")


def test_un_serveur_qui_n_est_pas_insi_ne_recoit_rien(secretaire, settings, insi, tmp_path):
    settings.INSI_AUTORITES = str(Autorite(tmp_path).certificat)
    verifier_que_rien_ne_change(
        secretaire, personne("ADRUN"), "ne prouve pas qu’il est INSi", "configurer"
    )
    assert insi.recues == []


def test_un_certificat_d_une_autre_autorite_est_refuse(secretaire, settings, tmp_path):
    paire = Autorite(tmp_path).client("INSI-MANU")
    settings.INSI_CERTIFICAT, settings.INSI_CLE = str(paire.certificat), str(paire.cle)
    verifier_que_rien_ne_change(
        secretaire, personne("ADRUN"), "refuse le certificat de l’établissement", "configurer"
    )


def test_un_reglage_faux_alerte_l_administrateur_et_une_panne_non(secretaire, caplog):
    for nom in ("PANNE", "LOGICIEL"):
        dossier = personne(nom)
        interroger(secretaire(dossier), dossier)
    alertes = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert alertes == ["INSi, réglage à revoir : faute:desir_550:siram_100+Sender"]


def test_un_certificat_absent_se_dit_sans_appel(secretaire, settings, insi):
    settings.INSI_CERTIFICAT = "/nulle/part.pem"
    verifier_que_rien_ne_change(secretaire, personne("ADRUN"), "absent ou illisible", "configurer")
    assert insi.recues == [] and AppelInsi.objects.get().message_id == ""


@pytest.mark.parametrize("attribut", ["douteuse", "fictive"])
def test_une_identite_douteuse_ou_fictive_n_appelle_pas(attribut, secretaire, insi):
    dossier = personne("ADRUN", **{attribut: True})
    client = secretaire(dossier)
    fiche = texte(client.get(adresse("", dossier)))
    assert f"Cette identité est {attribut}" in fiche and "Interroger INSi" not in fiche
    client.post(adresse("_insi_interroger", dossier))  # the address is still known
    assert insi.recues == []
    assert AppelInsi.objects.get().resultat == "interdire"
    assert "Appel impossible" in texte(client.get(adresse("_insi", dossier)))


def test_non_configure_le_bouton_ne_se_montre_pas_et_l_administrateur_sait_pourquoi(
    en_tant_que, settings
):
    settings.INSI_OUVERT = False
    dossier = personne("ADRUN")
    client = en_tant_que(dossier, role="SECRETAIRE")
    assert "Interroger INSi" not in texte(client.get(adresse("", dossier)))
    assert "DUI_INSI" not in texte(client.get(adresse("", dossier)))
    directeur = en_tant_que(dossier, role="DIRECTEUR")
    assert "DUI_INSI_URL" in texte(directeur.get(adresse("", dossier)))
    administrateur = en_tant_que(dossier, role="ADMIN_SI")  # reads no identity
    reglages = reverse("administratif:pieces_identite")
    assert "DUI_INSI_URL" in texte(administrateur.get(reglages))
    settings.INSI_OUVERT = True
    assert "DUI_INSI_URL" not in texte(administrateur.get(reglages))
    settings.INSI_OUVERT = False
    page = client.post(adresse("_insi_interroger", dossier), follow=True)
    assert "INSi n’est pas configuré" in page.content.decode()
    assert not AppelInsi.objects.exists() and relu(dossier).interroge_insi_le is None


@pytest.mark.django_db(transaction=True)
def test_aucune_transaction_ne_dure_le_temps_de_l_appel(secretaire, monkeypatch):
    """Ni verrou, ni connexion tenue : le dossier s’écrit pendant qu’on attend INSi."""
    vues = []
    rechercher = ClientInsi.rechercher

    def regarder(client, demande):
        vues.append(connection.in_atomic_block)
        return rechercher(client, demande)

    monkeypatch.setattr(ClientInsi, "rechercher", regarder)
    dossier = personne("ADRUN")
    interroger(secretaire(dossier), dossier)
    assert vues == [False]


def test_change_pendant_l_appel_la_reponse_parle_des_anciens_traits(secretaire, monkeypatch):
    dossier = personne("ADRUN")
    rechercher = ClientInsi.rechercher

    def changer(client, demande):
        rendu = rechercher(client, demande)
        lignes = Usager.objects.filter(pk=dossier.usager_id)
        lignes.update_sans_historique(motif="essai", version=5, prenoms="ZOE ANNE")
        return rendu

    monkeypatch.setattr(ClientInsi, "rechercher", changer)
    page = texte(interroger(secretaire(dossier), dossier))
    assert "L’identité a changé depuis cet appel" in page and "Accepter" not in page


# ------------------------------------------------------------ the trace


def test_chaque_prenom_demande_laisse_sa_ligne_et_l_operation_compte_une_fois(secretaire):
    dossier = personne("TCHITCHI", prenoms="OLA CATARINA BELLA", premier_prenom="OLA",
                       date_naissance="1936-06-21", lieu_naissance_cog="63220")  # fmt: skip
    client = secretaire(dossier)
    interroger(client, dossier)
    appels = list(AppelInsi.objects.order_by("le"))
    assert [(a.code, a.resultat, a.conclut) for a in appels] == [
        ("01", "reformuler", False),
        ("00", "proposer", True),
    ]
    for appel in appels:
        assert appel.par == client.compte and appel.certificat == "INSI-MANU"
        assert appel.message_id.startswith("uuid:") and appel.statut_http == 200
        assert appel.relire().startswith(b"<?xml") and appel.duree_ms >= 0
    comptes = list(AppelInsi.objects.par_resultat(appels[0].le.date()))
    assert [(c["resultat"], c["nombre"]) for c in comptes] == [("proposer", 1)]


def test_ce_qui_precede_un_echec_reste_trace(secretaire, insi):
    insi.travers.effet, insi.travers.apres = "http_500", 1
    dossier = personne("TCHITCHI", prenoms="OLA CATARINA BELLA", premier_prenom="OLA")
    interroger(secretaire(dossier), dossier)
    assert list(AppelInsi.objects.order_by("le").values_list("code", flat=True)) == [
        "01",
        "transport:http_5xx:500",
    ]


def test_un_appel_ne_se_reecrit_ni_ne_s_efface(secretaire):
    from django.db import ProgrammingError, transaction

    dossier = personne("ADRUN")
    interroger(secretaire(dossier), dossier)
    appel = AppelInsi.objects.get()
    for geste in (
        lambda: AppelInsi.objects.filter(pk=appel.pk).update_sans_historique(
            motif="essai", code="99"
        ),
        appel.delete,
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            geste()


def test_la_cellule_seule_lit_la_reponse_telle_que_recue(secretaire, en_tant_que):
    dossier, autre = personne("ECETINSI"), personne("ADRUN")
    client = secretaire(dossier)
    interroger(client, dossier)
    appel = AppelInsi.objects.get(conclut=True)
    page = adresse("_insi_brute", dossier, appel.pk)
    assert client.get(page).status_code == 403
    cellule = en_tant_que(dossier, role="IDENTITOVIG")
    liste = texte(cellule.get(adresse("_insi_appels", dossier)))
    assert "Identité trouvée" in liste and "ECETINSI" not in liste.partition("Quand")[2]
    recue = cellule.get(page)
    assert b"INSHISTO" in recue.content and "attachment" in recue["Content-Disposition"]
    ailleurs = en_tant_que(autre, role="IDENTITOVIG")
    assert ailleurs.get(page).status_code == 404
    assert ailleurs.get(adresse("_insi_brute", autre, appel.pk)).status_code == 404


def test_rien_d_une_identite_ne_va_aux_traces_techniques(secretaire, caplog):
    dossiers = [personne(nom) for nom in ("ADRUN", "TRONQUE", "COUPURE")]
    clients = [secretaire(dossier) for dossier in dossiers]
    caplog.set_level(0)
    for client, dossier in zip(clients, dossiers, strict=True):
        interroger(client, dossier)
    assert caplog.text
    for ligne in caplog.text.splitlines():
        assert not any(m in ligne for m in ("ADRUN", "TRONQUE", "275126322074974", "1975-12-31"))
