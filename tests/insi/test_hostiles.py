"""Ce qui ne fait jamais une moitié d’identité : silence, mauvais certificat, réponse abîmée."""

import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from dui.connecteurs.insi import (
    AppelInterdit,
    ClientInsi,
    EchecDeTransport,
    ErreurINSi,
    Geste,
    ReponseRefusee,
    Traits,
)
from dui.connecteurs.insi.local import Autorite
from dui.connecteurs.insi.reponse import lire, ouvrir
from dui.connecteurs.lecture_xml import TAILLE_MAX
from tests.insi.outils import ADRUN, CR_00, OID_DE_TEST, individu, nommee, resultat, trouve

PATIENCE = 10  # seconds: half of the silence of the local INSi, wide for a busy machine


def echec(client, traits=ADRUN, sorte=ErreurINSi):
    with pytest.raises(sorte) as erreur:
        client.rechercher(traits)
    assert erreur.value.message and "ADRUN" not in str(erreur.value)
    return erreur.value


def avec(reglages, **acces):
    return ClientInsi(replace(reglages, acces=replace(reglages.acces, **acces)))


# ------------------------------------------------------------ time


def test_un_silence_a_une_fin_et_un_message(client_presse):
    debut = time.monotonic()
    erreur = echec(client_presse, nommee("SILENCE"), EchecDeTransport)
    assert time.monotonic() - debut < PATIENCE
    assert erreur.code.startswith("transport:silence:")
    assert erreur.geste is Geste.REESSAYER and erreur.message.startswith("INSi ne répond pas.")
    assert erreur.echanges[0].code.startswith("transport:silence")


def test_une_reponse_qui_vient_octet_par_octet_ne_retient_personne(client_presse):
    """Chaque lecture aboutit à temps ; leur somme, non."""
    debut = time.monotonic()
    erreur = echec(client_presse, nommee("GOUTTE"), EchecDeTransport)
    assert erreur.ligne.code == "silence"
    assert 0.4 < time.monotonic() - debut < PATIENCE


def test_la_patience_vaut_pour_tous_les_appels_ensemble(client_presse, insi):
    """Trois prénoms ne font pas trois attentes."""
    insi.travers.effet = "silence"
    debut = time.monotonic()
    echec(client_presse, Traits("SILENCE", ("UN", "DEUX", "TROIS"), "F", "1975-12-31"))
    assert time.monotonic() - debut < PATIENCE


def test_un_serveur_qui_accepte_et_se_tait_n_attend_pas_indefiniment(reglages):
    with socket.create_server(("127.0.0.1", 0)) as muet:
        url = f"https://127.0.0.1:{muet.getsockname()[1]}/lps"
        client = avec(reglages, url=url, connexion=0.3, lecture=0.3, total=0.6)
        assert echec(client, sorte=EchecDeTransport).ligne.code == "silence"


def test_une_poignee_de_main_lente_ne_repousse_pas_la_limite(reglages, autorite):
    """La limite passe avant que la prise existe : elle est coupée dès qu’elle existe."""
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    paire = autorite.serveur()
    contexte.load_cert_chain(paire.certificat, paire.cle)
    fini, debut = threading.Event(), time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as ecoute:

        def servir():
            brute, _ = ecoute.accept()
            fini.wait(0.6)
            with suppress(OSError), contexte.wrap_socket(brute, server_side=True) as prise:
                prise.sendall(b"HTTP/1.1 200 OK\r\nX-Lent: ")
                while not fini.wait(0.05) and time.monotonic() - debut < 2 * PATIENCE:
                    prise.sendall(b".")

        fil = threading.Thread(target=servir)
        fil.start()
        try:
            url = f"https://127.0.0.1:{ecoute.getsockname()[1]}/lps"
            client = avec(reglages, url=url, connexion=5, lecture=5, total=0.3)
            assert echec(client, sorte=EchecDeTransport).ligne.code == "silence"
            assert time.monotonic() - debut < PATIENCE
        finally:
            fini.set()
            fil.join()


def test_personne_a_l_adresse(reglages):
    with socket.create_server(("127.0.0.1", 0)) as prise:
        port = prise.getsockname()[1]
    erreur = echec(avec(reglages, url=f"https://127.0.0.1:{port}/lps"), sorte=EchecDeTransport)
    assert (erreur.ligne.code, erreur.geste) == ("injoignable", Geste.REESSAYER)


def test_une_liaison_coupee_garde_ce_qui_etait_arrive(client):
    erreur = echec(client, nommee("COUPURE"), EchecDeTransport)
    assert (erreur.ligne.code, erreur.geste) == ("coupure", Geste.REESSAYER)
    assert erreur.echanges[0].reponse.startswith(b"<?xml")


def test_ce_qui_a_precede_l_echec_n_est_pas_perdu(client, insi):
    """Le premier prénom a répondu 01, le deuxième appel échoue : les deux sont là."""
    insi.travers.effet, insi.travers.apres = "http_500", 1
    traits = Traits("TCHITCHI", ("OLA", "CATARINA", "BELLA"), "F", "1936-06-21")
    erreur = echec(client, traits, EchecDeTransport)
    assert [e.code for e in erreur.echanges] == ["01", "transport:http_5xx:500"]
    assert all(e.reponse for e in erreur.echanges)


# ------------------------------------------------------------ certificates


def test_un_serveur_d_une_autre_autorite_ne_recoit_rien(reglages, insi, tmp_path):
    autre = Autorite(tmp_path).certificat
    erreur = echec(avec(reglages, autorites=autre), sorte=EchecDeTransport)
    assert (erreur.ligne.code, erreur.geste) == ("certificat_serveur", Geste.CONFIGURER)
    assert insi.recues == []


def test_un_serveur_d_un_autre_nom_ne_recoit_rien(reglages, autorite, insi):
    """Signé par la bonne autorité, mais pour un autre hôte."""
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    paire = autorite.client("INSI-AUTO")
    contexte.load_cert_chain(paire.certificat, paire.cle)
    with socket.create_server(("127.0.0.1", 0)) as ecoute:

        def servir():
            prise, _ = ecoute.accept()
            with prise, pytest.raises(OSError):
                contexte.wrap_socket(prise, server_side=True).recv(1)

        fil = threading.Thread(target=servir)
        fil.start()
        url = f"https://127.0.0.1:{ecoute.getsockname()[1]}/lps"
        assert echec(avec(reglages, url=url)).ligne.code == "certificat_serveur"
        fil.join()


def test_un_certificat_d_une_autre_autorite_est_refuse(reglages, insi, tmp_path):
    paire = Autorite(tmp_path).client()
    client = avec(reglages, certificat=paire.certificat, cle=paire.cle)
    erreur = echec(client, sorte=EchecDeTransport)
    assert (erreur.ligne.code, erreur.geste) == ("certificat_client", Geste.CONFIGURER)
    assert insi.recues == []


def test_un_certificat_d_un_autre_nom_est_refuse_par_insi(reglages, autorite):
    paire = autorite.client("INSI-AUTRE")
    client = avec(reglages, certificat=paire.certificat, cle=paire.cle)
    assert echec(client).code.startswith("faute:desir_560")


@pytest.mark.parametrize("nom", ["INSI-AUTO", "INSI-MANU"])
def test_les_deux_noms_de_certificat_conviennent(reglages, autorite, nom):
    paire = autorite.client(nom)
    client = avec(reglages, certificat=paire.certificat, cle=paire.cle)
    assert client.rechercher(ADRUN).echanges[0].certificat == nom


@pytest.mark.parametrize(
    ("debut", "fin"),
    [(timedelta(-9), timedelta(-1)), (timedelta(1), timedelta(9))],
    ids=["expiré", "futur"],
)
def test_un_certificat_qui_ne_vaut_pas_aujourd_hui_s_arrete_ici(reglages, autorite, debut, fin):
    paire = autorite.client("INSI-PERIME", debut=debut, fin=fin)
    client = avec(reglages, certificat=paire.certificat, cle=paire.cle)
    assert echec(client, sorte=AppelInterdit).code == "garde:certificat_expire"


def test_un_certificat_absent_ou_une_cle_d_un_autre_se_disent(reglages, autorite, tmp_path):
    absent = avec(reglages, certificat=tmp_path / "absent.pem")
    assert echec(absent, sorte=AppelInterdit).code == "garde:certificat_illisible"
    mauvaise = avec(reglages, cle=autorite.client("INSI-AUTO").cle)
    assert echec(mauvaise, sorte=AppelInterdit).code == "garde:certificat_illisible"
    vide = tmp_path / "vide.pem"
    vide.write_text("rien")
    assert echec(avec(reglages, certificat=vide)).code == "garde:certificat_illisible"


def test_rien_ne_part_en_clair(reglages):
    erreur = echec(avec(reglages, url="http://127.0.0.1:9/lps"), sorte=AppelInterdit)
    assert erreur.code == "garde:adresse_en_clair"


# ------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize(
    ("nom", "code"),
    [
        ("ERREUR", "transport:http_5xx:500"),
        ("VIDE", "reponse:vide"),
        ("DEMESURE", "reponse:taille"),
        ("ENTITES", "reponse:doctype"),
        ("TRONQUE", "reponse:casse"),
    ],
)
def test_ce_qui_ne_se_lit_pas_a_chacun_son_code(client, nom, code):
    erreur = echec(client, nommee(nom))
    assert erreur.code == code
    assert "Le dossier n’a pas changé" in erreur.message


def test_les_codes_de_ces_echecs_et_leurs_messages_sont_tous_differents(client):
    noms = ["ERREUR", "VIDE", "DEMESURE", "ENTITES", "TRONQUE", "COUPURE", "PANNE", "LOGICIEL"]
    erreurs = [echec(client, nommee(nom)) for nom in noms]
    assert len({e.code for e in erreurs}) == len({e.message for e in erreurs}) == len(noms)


def test_une_reponse_demesuree_n_est_pas_gardee_en_entier(client):
    recu = echec(client, nommee("DEMESURE")).echanges[0].reponse
    assert TAILLE_MAX < len(recu) < 2 * TAILLE_MAX


@pytest.mark.parametrize("statut", [500, 502, 503, 504])
def test_une_panne_d_un_relais_se_reessaie(client, insi, statut):
    insi.travers.corps, insi.travers.statut = trouve(), statut
    erreur = echec(client)
    assert (erreur.code, erreur.reessayable) == (f"transport:http_5xx:{statut}", True)


@pytest.mark.parametrize("statut", [301, 403, 404])
def test_un_autre_statut_est_une_erreur_de_reglage(client, insi, statut):
    insi.travers.corps, insi.travers.statut = trouve(), statut
    assert echec(client).code == f"transport:http:{statut}"


def alterations():
    """(what, bytes): well-formed or not, none may give an identity."""
    juste = trouve()
    deux = resultat(CR_00 + individu() + individu(nom="AUTRE"))
    sans_actif = juste.replace(b"<INSACTIF>", b"<X>").replace(b"</INSACTIF>", b"</X>")
    return {
        "du html": b"<html><body>Bonjour</body></html>",
        "du json": b'{"CR": "00"}',
        "00 sans individu": resultat(CR_00),
        "01 avec un individu": juste.replace(b"00</CodeCR>", b"01</CodeCR>"),
        "code inconnu": juste.replace(b"00</CodeCR>", b"99</CodeCR>"),
        "code coupé par une entité": juste.replace(b"00</CodeCR>", b"0&zero;</CodeCR>"),
        "deux personnes": deux,
        "deux comptes rendus": resultat(CR_00 + CR_00 + individu()),
        "deux noms": trouve(nom="ADRUN</NomNaissance><NomNaissance>AUTRE"),
        "sans matricule": sans_actif,
        "matricule trop court": trouve(numero="275126322074"),
        "matricule à lettre": trouve(numero="27512632207X9"),
        "sans clé": trouve(cle=""),
        "clé à lettre": trouve(cle="7A"),
        "sans oid": trouve(oid=""),
        "sexe inconnu": trouve(sexe="X"),
        "naissance illisible": trouve(naissance="31/12/1975"),
        "naissance inexistante": trouve(naissance="1975-13-31"),
        "nom à balises": trouve(nom="<b>ADRUN</b>"),
        "nom à script": trouve(nom="&lt;script&gt;"),
        "nom démesuré": trouve(nom="A" * 301),
        "lieu illisible": trouve(lieu="Paris"),
        "historique abîmé": trouve(histo="<INSHISTO><OID>1.2.3.4.5</OID></INSHISTO>"),
        "encodage faux": juste.replace(b"ADRUN", b"ADRUN\xe9"),
        "un autre sexe": trouve(sexe="M"),
        "une autre date": trouve(naissance="1975-12-30"),
    }


@pytest.mark.parametrize("quoi", alterations())
def test_une_reponse_alteree_ne_donne_aucune_identite(client, insi, quoi):
    insi.travers.corps = alterations()[quoi]
    erreur = echec(client, sorte=ReponseRefusee)
    assert erreur.geste is Geste.ECARTER
    assert erreur.echanges[0].reponse == alterations()[quoi]


def test_la_meme_reponse_sans_alteration_se_lit(client, insi):
    insi.travers.corps = trouve()
    assert client.rechercher(ADRUN).identite.nom == "ADRUN"


def test_un_commentaire_ne_coupe_pas_un_numero_en_deux(client, insi):
    insi.travers.corps = trouve(numero="275126<!-- -->3220749")
    assert str(client.rechercher(ADRUN).identite.matricule) == "275126322074974"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_tronquee_elle_ne_donne_rien(client, insi, part):
    entiere = trouve()
    insi.travers.corps = entiere[: int(len(entiere) * part)]
    assert echec(client).code == "reponse:casse"


def test_tronquee_a_n_importe_quel_octet_elle_ne_se_lit_pas():
    entiere = trouve()
    for coupe in range(1, len(entiere)):
        with pytest.raises(ReponseRefusee):
            lire(ouvrir(entiere[:coupe], ""), production=True)
    assert lire(ouvrir(entiere, ""), production=True).identite.nom == "ADRUN"


def test_la_reponse_a_un_autre_appel_est_ecartee(client, insi):
    relation = (
        b'<s:Header><a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing">'
        b"uuid:00000000-0000-4000-8000-000000000000</a:RelatesTo></s:Header><s:Body>"
    )
    insi.travers.corps = trouve().replace(b"<s:Body>", relation)
    assert echec(client).code == "reponse:autre_appel"


# ------------------------------------------------------------ what is read, and not taken over


@pytest.mark.parametrize(
    ("champs", "motif"),
    [
        ({"naissance": "1975-00-31"}, "date_incomplete"),
        ({"naissance": "1975-12-00"}, "date_incomplete"),
        ({"naissance": "1975-00-00"}, "date_incomplete"),
        ({"nom": ""}, "trait_manquant"),
        ({"liste": ""}, "trait_manquant"),
        ({"sexe": ""}, "trait_manquant"),
        ({"oid": "1.2.250.1.213.1.4.2"}, "oid_inconnu"),
        ({"oid": "1.2.250.1.213.1.4.13"}, "oid_inconnu"),
    ],
)
def test_ce_qui_ne_doit_pas_s_importer_ne_s_importe_pas(client, insi, champs, motif):
    """Règles 11 et 12, et les numéros qui ne sont pas un INS."""
    insi.travers.corps = trouve(**champs)
    reponse = client.rechercher(ADRUN)
    assert (reponse.code, reponse.identite, reponse.motif) == ("00", None, motif)
    assert reponse.geste is Geste.ECARTER and reponse.brut == insi.travers.corps


def test_un_nom_qui_differe_se_montre(client, insi):
    insi.travers.corps = trouve(nom="ADRUN-DUPONT", liste="ZELIE")
    assert client.rechercher(ADRUN).avertissements == ("ecart_nom", "ecart_prenom")


def test_tiret_apostrophe_et_espace_se_valent(client, insi):
    insi.travers.corps = trouve(nom="D'ARC--MARTIN", liste="ANNE MARIE ZOE")
    traits = Traits("D ARC MARTIN", ("ANNE-MARIE",), "F", "1975-12-31")
    assert client.rechercher(traits).avertissements == ()


def test_le_lieu_de_naissance_peut_manquer(client, insi):
    insi.travers.corps = trouve(lieu="")
    assert client.rechercher(ADRUN).identite.lieu == ""


def test_un_matricule_de_test_annonce_en_production(reglages, insi):
    insi.travers.corps = trouve(oid=OID_DE_TEST)
    reponse = ClientInsi(replace(reglages, production=True)).rechercher(ADRUN)
    assert (reponse.identite, reponse.geste) == (None, Geste.CONFIGURER)


def test_une_faute_inconnue_se_range_selon_qui_l_a_commise(client, insi):
    faute = (
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault>'
        b"<s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text>?</s:Text></s:Reason>"
        b"</s:Fault></s:Body></s:Envelope>"
    )
    insi.travers.corps, insi.travers.statut = faute, 500
    assert echec(client).geste is Geste.REESSAYER
    insi.travers.corps = faute.replace(b"Receiver", b"Sender")
    insi.travers.statut = 400
    assert echec(client).geste is Geste.CONFIGURER
