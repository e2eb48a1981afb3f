"""Pro Santé Connect s’ouvre par l’environnement, ou n’existe pas."""

import os
import socket

import pytest

from dui.services_locaux import port_libre, psc_local
from tests.exploitation.test_reglages import lire

DECOUVERTE = "https://auth.exemple.fr/realm/.well-known/wallet-openid-configuration"


def test_sans_adresse_de_decouverte_rien_n_est_ouvert():
    assert lire("PSC_OUVERT", DUI_ENV="demo") == "False"


@pytest.mark.lent
def test_le_secret_vient_d_un_fichier(tmp_path):
    fichier = tmp_path / "secret"
    fichier.write_text("un secret\n")
    reglages = {
        "DUI_ENV": "demo",
        "DUI_PSC_DECOUVERTE": DECOUVERTE,
        "DUI_PSC_CLIENT": "dui",
        "DUI_PSC_SECRET_FICHIER": str(fichier),
    }
    assert lire("PSC_SECRET", **reglages) == "un secret"
    for absente in ("DUI_PSC_CLIENT", "DUI_PSC_SECRET_FICHIER"):
        assert absente in lire("PSC_OUVERT", **{c: v for c, v in reglages.items() if c != absente})
    fichier.unlink()
    assert "illisible" in lire("PSC_OUVERT", **reglages)


@pytest.fixture
def environnement(monkeypatch):
    for nom in ("DUI_PSC_DECOUVERTE", "DUI_PSC_CLIENT", "DUI_PSC_SECRET_FICHIER"):
        monkeypatch.setenv(nom, "")
    return monkeypatch


def test_la_demonstration_a_son_fournisseur_et_un_secret_neuf(environnement, tmp_path):
    arguments = psc_local(tmp_path, 8000)
    port = arguments[2]
    assert arguments == ["-m", "dui.demonstration.psc", port, "8000"]
    assert os.environ["DUI_PSC_DECOUVERTE"].startswith(f"http://127.0.0.1:{port}/")
    fichier = tmp_path / "psc_secret"
    assert fichier.stat().st_mode & 0o077 == 0
    premier = fichier.read_text()
    os.environ["DUI_PSC_DECOUVERTE"] = ""
    psc_local(tmp_path, 8000)
    assert fichier.read_text() != premier


def test_un_fournisseur_nomme_par_l_environnement_suffit(environnement, tmp_path):
    environnement.setenv("DUI_PSC_DECOUVERTE", DECOUVERTE)
    assert psc_local(tmp_path, 8000) == []


def test_un_port_pris_n_arrete_pas_la_demonstration():
    with socket.create_server(("127.0.0.1", 0)) as prise:
        pris = prise.getsockname()[1]
        assert port_libre(pris) not in (0, pris)
