"""INSi s’ouvre par l’environnement, ou n’existe pas ; la démonstration a le sien."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dui.connecteurs.insi import Acces, ClientInsi, Reglages
from dui.services_locaux import insi_local, port_libre
from dui.socle.insi import client_insi, reglages_insi
from tests.exploitation.test_reglages import lire
from tests.insi.outils import ADRUN

COMPLET = {
    "DUI_INSI_URL": "https://insi.exemple.fr/lps",
    "DUI_INSI_CERTIFICAT": "/etc/dui/insi.pem",
    "DUI_INSI_CLE": "/etc/dui/insi.key",
    "DUI_INSI_IDAM": "GX00000000",
}


def test_sans_adresse_rien_n_est_ouvert():
    assert lire("INSI_OUVERT", DUI_ENV="demo") == "False"


@pytest.mark.lent
def test_ouvert_il_lui_faut_un_certificat_une_cle_et_un_numero(tmp_path):
    assert lire("INSI_OUVERT", DUI_ENV="demo", **COMPLET) == "True"
    for absente in ("DUI_INSI_CERTIFICAT", "DUI_INSI_CLE", "DUI_INSI_IDAM"):
        reste = {c: v for c, v in COMPLET.items() if c != absente}
        assert absente in lire("INSI_OUVERT", DUI_ENV="demo", **reste)


def test_le_mot_de_passe_de_la_cle_vient_d_un_fichier(tmp_path):
    fichier = tmp_path / "mot"
    fichier.write_text("un mot\n")
    reglages = {"DUI_ENV": "demo", **COMPLET, "DUI_INSI_MOT_DE_PASSE_FILE": str(fichier)}
    assert lire("INSI_MOT_DE_PASSE", **reglages) == "un mot"


def test_seule_la_production_est_la_production():
    assert lire("INSI_PRODUCTION", DUI_ENV="demo") == "False"
    assert lire("INSI_PRODUCTION", DUI_ENV="test") == "False"


def test_le_client_de_l_installation_vient_des_reglages(ouvert):
    assert client_insi().rechercher(ADRUN).code == "00"
    assert client_insi() is client_insi()
    ouvert.INSI_PRODUCTION = True
    assert client_insi().reglages.production
    assert replace(reglages_insi(), production=False) != reglages_insi()


def test_le_mot_de_passe_ne_se_montre_pas():
    acces = Acces("https://x/", Path("c"), Path("k"), mot_de_passe="un secret")
    assert "un secret" not in repr(Reglages(acces, "X"))


# ------------------------------------------------------------ demo


@pytest.fixture
def environnement(monkeypatch):
    for nom in (*COMPLET, "DUI_INSI_AUTORITES"):
        monkeypatch.setenv(nom, "")
    return monkeypatch


def test_la_demonstration_a_son_insi_et_des_certificats_neufs(environnement, tmp_path):
    arguments = insi_local(tmp_path, 8000)
    port = arguments[2]
    assert arguments == ["-m", "dui.connecteurs.insi.local", port, str(tmp_path / "insi")]
    assert os.environ["DUI_INSI_URL"] == f"https://127.0.0.1:{port}/lps"
    cle = Path(os.environ["DUI_INSI_CLE"])
    assert cle.stat().st_mode & 0o077 == 0 and cle.parent.stat().st_mode & 0o077 == 0
    premiere = cle.read_bytes()
    os.environ["DUI_INSI_URL"] = ""
    insi_local(tmp_path, 8000)
    assert cle.read_bytes() != premiere


def test_un_insi_nomme_par_l_environnement_suffit(environnement, tmp_path):
    environnement.setenv("DUI_INSI_URL", COMPLET["DUI_INSI_URL"])
    assert insi_local(tmp_path, 8000) == []


def test_le_processus_de_la_demonstration_repond_et_s_arrete(environnement, tmp_path):
    arguments = insi_local(tmp_path, port_libre(0))
    lu = {nom: os.environ[f"DUI_INSI_{nom}"] for nom in ("URL", "CERTIFICAT", "CLE", "AUTORITES")}
    acces = Acces(
        lu["URL"], Path(lu["CERTIFICAT"]), Path(lu["CLE"]), autorites=Path(lu["AUTORITES"])
    )
    client = ClientInsi(Reglages(acces, os.environ["DUI_INSI_IDAM"], production=False))
    processus = subprocess.Popen([sys.executable, *arguments])
    try:
        assert _repond(client)
    finally:
        processus.terminate()
        assert processus.wait(10) == 0


def _repond(client):
    from dui.connecteurs.insi import EchecDeTransport

    for _ in range(100):
        try:
            return client.rechercher(ADRUN).code == "00"
        except EchecDeTransport:
            time.sleep(0.1)
    return False
