"""Le client de l’antivirus, contre un vrai serveur sur la boucle locale."""

import io
import socket
import threading
from contextlib import contextmanager

import pytest

from dui.connecteurs import clamav, clamav_local
from dui.connecteurs.clamav_local import EICAR


@contextmanager
def antivirus():
    with clamav_local.ouvrir() as serveur:
        fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
        fil.start()
        try:
            yield serveur.adresse
        finally:
            serveur.shutdown()
            fil.join()


@contextmanager
def qui_repond(octets):
    """A server that reads a little, says this, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as ecoute:

        def servir():
            prise, _ = ecoute.accept()
            with prise:
                prise.recv(32)
                prise.sendall(octets)

        fil = threading.Thread(target=servir)
        fil.start()
        try:
            yield f"tcp://127.0.0.1:{ecoute.getsockname()[1]}"
        finally:
            fil.join()


def analyser(contenu):
    with antivirus() as adresse:
        return clamav.analyser(adresse, io.BytesIO(contenu))


def test_un_fichier_sain_passe():
    assert analyser(b"Nom;Prenoms\n").sain


def test_le_fichier_d_essai_des_antivirus_est_trouve_et_nomme():
    verdict = analyser(b"avant " + EICAR + b" apres")
    assert not verdict.sain and verdict.signature == "Eicar-Test-Signature"


def test_ce_qui_est_a_cheval_sur_deux_morceaux_est_trouve():
    assert not analyser(b"x" * (clamav.BLOC - 10) + EICAR).sain


def test_un_fichier_de_plusieurs_megaoctets_se_lit_d_un_bout_a_l_autre_et_revient_au_debut():
    flux = io.BytesIO(b"x" * 3_000_000)
    flux.seek(12)
    with antivirus() as adresse:
        assert clamav.analyser(adresse, flux).sain
        assert clamav.repond(adresse)
    assert flux.tell() == 0


def test_au_dela_de_la_limite_du_serveur_il_n_y_a_pas_de_verdict(monkeypatch):
    monkeypatch.setattr(clamav_local, "TAILLE_MAXIMALE", 1000)
    with pytest.raises(clamav.Indisponible):
        analyser(b"x" * 100_000)


def test_une_socket_unix_convient_aussi(tmp_path):
    chemin = tmp_path / "clamd"
    with socket.socket(socket.AF_UNIX) as ecoute:
        ecoute.bind(str(chemin))
        ecoute.listen()

        def servir():
            prise, _ = ecoute.accept()
            with prise:
                while not prise.recv(4096).endswith(b"\0\0\0\0"):
                    pass
                prise.sendall(b"stream: OK\0")

        fil = threading.Thread(target=servir)
        fil.start()
        assert clamav.analyser(f"unix://{chemin}", io.BytesIO(b"x")).sain
        fil.join()


@pytest.mark.parametrize(
    "reponse", [b"", b"n'importe quoi", b"stream: lstat() failed ERROR\0", b"\xff" * 9000]
)
def test_ce_qui_n_est_pas_un_verdict_n_en_devient_jamais_un(reponse):
    with qui_repond(reponse) as adresse, pytest.raises(clamav.Indisponible):
        clamav.analyser(adresse, io.BytesIO(b"x" * 10))


def test_un_serveur_absent_ou_muet_n_est_pas_un_feu_vert():
    with socket.create_server(("127.0.0.1", 0)) as muet:
        adresse = f"tcp://127.0.0.1:{muet.getsockname()[1]}"
        with pytest.raises(clamav.Indisponible):
            clamav.analyser(adresse, io.BytesIO(b"x"), delai=0.1)
    with pytest.raises(clamav.Indisponible):
        clamav.analyser(adresse, io.BytesIO(b"x"))
    assert not clamav.repond(adresse, delai=0.1)


def test_une_adresse_d_une_autre_sorte_est_une_erreur_de_reglage():
    with pytest.raises(ValueError, match="tcp://"):
        clamav.analyser("http://127.0.0.1:3310", io.BytesIO(b"x"))
