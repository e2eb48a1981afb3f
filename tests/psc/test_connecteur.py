"""Le client OpenID seul : ce qu’il refuse de lire, où il refuse d’aller."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from dui.connecteurs.psc import Client, Injoignable, JetonInvalide, Refus, Reglages, defi, lire
from dui.connecteurs.psc.jetons import ENTRE_DEUX_LECTURES, Trousseau
from dui.connecteurs.psc.transport import TAILLE_MAX, Transport, sure
from tests.psc.conftest import CLIENT, SECRET
from tests.psc.outils import RPPS, professionnel

CLAIMS = {"sub": "f:1", "SubjectNameID": RPPS}


@pytest.fixture
def client(fournisseur):
    return Client(Reglages(fournisseur.decouverte, CLIENT, SECRET))


@pytest.fixture
def serveur():
    """Answers what the test says, whatever the question."""
    reponses, demandes = [], []

    class Guichet(BaseHTTPRequestHandler):
        def do_GET(self):
            demandes.append(self.path)
            statut, entetes, corps = reponses[0]
            self.send_response(statut)
            for nom, valeur in entetes.items():
                self.send_header(nom, valeur)
            self.end_headers()
            self.wfile.write(corps)

        def log_message(self, *args):
            pass

    http = HTTPServer(("127.0.0.1", 0), Guichet)
    threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True).start()
    http.adresse = f"http://127.0.0.1:{http.server_port}/"
    http.demandes = demandes
    http.repondre = lambda *reponse: reponses.insert(0, reponse)
    yield http
    http.shutdown()
    http.server_close()


@pytest.mark.parametrize(
    "adresse",
    ["http://exemple.org/", "http://10.0.0.1/", "ftp://127.0.0.1/", "//127.0.0.1/", "", None, 3],
)
def test_rien_ne_part_en_clair_hors_de_cette_machine(adresse):
    with pytest.raises(Injoignable):
        sure(adresse)


def test_https_et_la_boucle_locale_conviennent():
    for adresse in ("https://exemple.org/", "http://127.0.0.1:80/", "http://[::1]/"):
        assert sure(adresse) == adresse


@pytest.mark.parametrize(
    ("statut", "entetes", "corps"),
    [
        (302, {"Location": "https://exemple.org/"}, b"{}"),
        (200, {}, b"[]"),
        (200, {}, b"<html>"),
        (200, {}, b'"' + b"x" * TAILLE_MAX + b'"'),
        (500, {}, b'{"error": "server_error"}'),
        (404, {}, b"{}"),
    ],
    ids=["redirection", "liste", "page", "trop gros", "panne", "absent"],
)
def test_une_reponse_qui_n_en_est_pas_une_est_une_panne(serveur, statut, entetes, corps):
    serveur.repondre(statut, entetes, corps)
    with pytest.raises(Injoignable):
        Transport("c", "s", 2).lire(serveur.adresse)


def test_une_reponse_qui_n_arrive_pas_est_une_panne():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as muet:
        debut = time.monotonic()
        with pytest.raises(Injoignable):
            Transport("c", "s", 0.2).lire(f"http://127.0.0.1:{muet.getsockname()[1]}/")
        assert time.monotonic() - debut < 2


def test_un_refus_garde_son_code_et_rien_d_autre(serveur):
    serveur.repondre(400, {}, b'{"error": "invalid_grant", "error_description": "secret"}')
    with pytest.raises(Refus) as refus:
        Transport("c", "s", 2).lire(serveur.adresse)
    assert refus.value.code == str(refus.value) == "invalid_grant"


def test_un_document_trouve_ailleurs_que_chez_son_emetteur_est_refuse(fournisseur):
    ailleurs = fournisseur.decouverte.replace("127.0.0.1", "localhost")
    with pytest.raises(Injoignable, match="issuer"):
        _ = Client(Reglages(ailleurs, CLIENT, SECRET)).emetteur


def test_un_mauvais_secret_est_refuse(fournisseur):
    client = Client(Reglages(fournisseur.decouverte, CLIENT, "un autre"))
    with pytest.raises(Refus, match="invalid_client"):
        client.echanger("code", retour="http://testserver/", verificateur="v")


def test_le_secret_ne_se_montre_pas():
    assert SECRET not in repr(Reglages("https://exemple.org/", CLIENT, SECRET))


def test_le_defi_est_celui_de_la_norme():
    """RFC 7636, annexe B."""
    assert defi("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_une_cle_inconnue_ne_fait_relire_le_trousseau_qu_une_fois(fournisseur):
    heure, lectures = [1000.0], []

    def lire_les_cles():
        lectures.append(heure[0])
        return fournisseur.certificats()

    trousseau = Trousseau(lire_les_cles, lambda: heure[0])
    trousseau.decoder(fournisseur.signer({"sub": "1"}))
    fournisseur.tourner_les_cles()
    jeton = fournisseur.signer({"sub": "2"})
    for _ in range(20):
        with pytest.raises(JetonInvalide, match="cle"):
            trousseau.decoder(jeton)
    assert len(lectures) == 1
    heure[0] += ENTRE_DEUX_LECTURES
    assert trousseau.decoder(jeton)["sub"] == "2"
    assert len(lectures) == 2


def test_une_signature_alteree_est_refusee(client, fournisseur):
    tete, corps, signature = fournisseur.signer({"sub": "1"}).split(".")
    for faux in (f"{tete}.{corps}.{signature[:-8]}AAAAAAAA", f"{tete}.{corps}.", "a.b.c", ""):
        with pytest.raises(JetonInvalide, match="signature"):
            client._cles.decoder(faux)


@pytest.mark.parametrize("entete", ["jwk", "jku", "x5u", "x5c"])
def test_une_cle_apportee_par_le_jeton_ne_sert_jamais(client, fournisseur, serveur, entete):
    """Signé d’une clé à soi, que le jeton donne ou dont il dit l’adresse."""
    pirate = RSAKey.generate_key(2048, {"kid": fournisseur.cles[0].kid})
    publique = pirate.as_dict(private=False)
    serveur.repondre(200, {}, json.dumps({"keys": [publique]}).encode())
    valeur = {"jwk": publique, "x5c": ["AAAA"]}.get(entete, serveur.adresse)
    jeton = jwt.encode({"alg": "RS256", "kid": pirate.kid, entete: valeur}, {"sub": "1"}, pirate)
    with pytest.raises(JetonInvalide, match="signature"):
        client._cles.decoder(jeton)
    assert not serveur.demandes


@pytest.mark.parametrize("entete", ["at+jwt", "logout+jwt"])
def test_un_jeton_d_une_autre_sorte_n_est_pas_un_jeton_d_identite(client, fournisseur, entete):
    cle = fournisseur.cles[0]
    claims = {"sub": "1"}
    assert client._cles.decoder(jwt.encode({"alg": "RS256", "kid": cle.kid}, claims, cle))
    jeton = jwt.encode({"alg": "RS256", "kid": cle.kid, "typ": entete}, claims, cle)
    with pytest.raises(JetonInvalide, match="typ"):
        client._cles.decoder(jeton)


def test_l_identite_se_lit_de_ce_qu_en_dit_userinfo():
    lue = lire(professionnel())
    [exercice] = lue.exercices
    [activite] = exercice.activites
    assert (lue.identifiant_national, lue.nom, lue.prenom) == (RPPS, "DUPONT", "JEANNE")
    assert (exercice.profession, activite.finess) == ("60", "990000028")


@pytest.mark.parametrize(
    "reste",
    [
        {},
        {"SubjectRefPro": None},
        {"SubjectRefPro": []},
        {"SubjectRefPro": {"exercices": "60"}},
        {"SubjectRefPro": {"exercices": [None, "60", 3]}},
        {"SubjectRole": "60"},
    ],
)
def test_une_identite_sans_exercice_lisible_reste_une_identite(reste):
    assert lire(CLAIMS | reste).exercices == ()


def test_une_activite_mal_formee_ne_cache_pas_les_autres():
    exercice = {"codeProfession": 60, "activities": [3, {"numeroFinessSite": None}, {}]}
    [lu] = lire(CLAIMS | {"SubjectRefPro": {"exercices": [exercice]}}).exercices
    assert lu.profession == "" and [a.finess for a in lu.activites] == ["", ""]


def test_sans_reference_la_profession_vient_du_role():
    lue = lire(CLAIMS | {"SubjectRole": ["10^1.2.250.1.213.1.1.5.5", 3]})
    assert [e.profession for e in lue.exercices] == ["10"]


@pytest.mark.parametrize("absent", ["sub", "SubjectNameID"])
def test_sans_identifiant_il_n_y_a_pas_d_identite(absent):
    with pytest.raises(JetonInvalide, match="identite"):
        lire(CLAIMS | {absent: ""})
