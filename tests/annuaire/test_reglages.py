"""L’API s’ouvre par l’environnement, ou n’existe pas ; la démonstration a la sienne."""

import os
import subprocess
import sys
import time

import pytest

from dui.connecteurs import annuaire_sante as api
from dui.services_locaux import annuaire_local
from tests.exploitation.test_reglages import lire

BASE = "https://gateway.exemple.fr/fhir/v2"


def test_sans_adresse_rien_n_est_ouvert():
    assert lire("ANNUAIRE_OUVERT", DUI_ENV="demo") == "False"


@pytest.mark.lent
def test_la_cle_vient_d_un_fichier(tmp_path):
    fichier = tmp_path / "cle"
    fichier.write_text("une cle\n")
    reglages = {
        "DUI_ENV": "demo",
        "DUI_ANNUAIRE_API": BASE,
        "DUI_ANNUAIRE_CLE_FICHIER": str(fichier),
    }
    assert lire("ANNUAIRE_CLE", **reglages) == "une cle"
    fichier.unlink()
    assert "illisible" in lire("ANNUAIRE_OUVERT", **reglages)
    del reglages["DUI_ANNUAIRE_CLE_FICHIER"]
    assert "DUI_ANNUAIRE_CLE_FICHIER" in lire("ANNUAIRE_OUVERT", **reglages)


def test_une_adresse_deja_nommee_n_est_pas_remplacee(tmp_path, monkeypatch):
    monkeypatch.setenv("DUI_ANNUAIRE_API", BASE)
    assert annuaire_local(tmp_path, 8000) == []


@pytest.mark.lent
def test_la_passerelle_de_la_demonstration_repond_sur_son_port(tmp_path, monkeypatch):
    for nom in ("DUI_ANNUAIRE_API", "DUI_ANNUAIRE_CLE_FICHIER"):
        monkeypatch.setenv(nom, "")
    processus = subprocess.Popen([sys.executable, *annuaire_local(tmp_path, 8_700)])
    try:
        fichier = tmp_path / "annuaire_cle"
        assert fichier.stat().st_mode & 0o077 == 0
        reglages = api.Reglages(base=os.environ["DUI_ANNUAIRE_API"], cle=fichier.read_text())
        [medecin] = _patiemment(
            lambda c: c.par_identifiant("Practitioner", "89980000015"), reglages
        )
        assert medecin.nom == "BODIN"
    finally:
        processus.terminate()
        assert processus.wait(10) == 0


def _patiemment(demander, reglages):
    limite = time.monotonic() + 30
    while True:
        try:
            with api.Client(reglages) as client:
                return demander(client)
        except api.Injoignable:
            assert time.monotonic() < limite
            time.sleep(0.1)
