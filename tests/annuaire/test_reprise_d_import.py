"""Un import arrêté, tué ou concurrent : il reprend au dernier lot, la copie reste cherchable."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import CommandError
from django.db import connection, connections

from dui.socle.annuaire import importation as moteur
from dui.socle.annuaire import tables
from dui.socle.models import ExerciceAnnuaire, ImportAnnuaire
from tests.annuaire.factories import activite, commander, fichier, importer_tout, zipper

pytestmark = pytest.mark.django_db


def test_un_import_arrete_reprend_au_dernier_lot(tmp_path, settings, monkeypatch):
    settings.ANNUAIRE_LOT = 3
    chemin = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(1, 11)))
    vus = []

    class Arret(Exception):
        pass

    def avancer(a):
        vus.append(a.importation.ligne)
        if len(vus) == 2:
            raise Arret

    with pytest.raises(Arret):
        importer_tout(chemin, avancer=avancer)
    assert ImportAnnuaire.objects.get().retenues == 6
    assert not ExerciceAnnuaire.objects.exists()
    lues = []
    lire = moteur.Lecteur.lire
    monkeypatch.setattr(moteur.Lecteur, "lire", lambda s, b: lues.append(b) or lire(s, b))
    [fait] = importer_tout(chemin)
    assert len(lues) == 4  # not from the beginning
    assert (fait.reprises, fait.retenues, fait.ligne) == (1, 10, 11)
    assert ExerciceAnnuaire.objects.count() == 10


def test_un_zip_arrete_reprend_aussi(tmp_path, settings):
    settings.ANNUAIRE_LOT = 3
    contenu = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(1, 11))).read_bytes()
    chemin = zipper(tmp_path / "ps.zip", ps__txt=contenu)
    with pytest.raises(ZeroDivisionError):
        importer_tout(chemin, avancer=lambda a: 1 / (a.importation.ligne < 6))
    [fait] = importer_tout(chemin)
    assert fait.reprises == 1 and ExerciceAnnuaire.objects.count() == 10


def test_un_tampon_perdu_fait_tout_relire(tmp_path, settings):
    """UNLOGGED : la chute du serveur de base de données le vide."""
    settings.ANNUAIRE_LOT = 3
    chemin = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(1, 11)))
    with pytest.raises(ZeroDivisionError):
        importer_tout(chemin, avancer=lambda a: 1 / (a.importation.ligne < 6))
    with connection.cursor() as c:
        c.execute(f"TRUNCATE {tables.tampon('activites')}")
    [fait] = importer_tout(chemin)
    assert fait.reprises == 0 and ExerciceAnnuaire.objects.count() == 10
    assert ImportAnnuaire.objects.filter(etat="abandonne").count() == 1


def test_arrete_pendant_la_construction_il_ne_relit_pas_le_fichier(tmp_path, monkeypatch):
    chemin = fichier(tmp_path, activite(1))
    with monkeypatch.context() as m:
        m.setattr(tables, "construire", lambda f: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            importer_tout(chemin)
    monkeypatch.setattr(moteur, "_lire", lambda *a: pytest.fail("relu"))
    importer_tout(chemin)
    assert ExerciceAnnuaire.objects.count() == 1


def test_un_autre_fichier_abandonne_celui_qui_attendait(tmp_path, settings):
    settings.ANNUAIRE_LOT = 2
    ancien = fichier(tmp_path, *(activite(n) for n in range(9)), nom="ancien.txt")
    with pytest.raises(ZeroDivisionError):
        importer_tout(ancien, avancer=lambda a: 1 / 0)
    importer_tout(fichier(tmp_path, activite(40, nom="NEUF"), nom="neuf.txt"))
    assert ExerciceAnnuaire.objects.get().nom == "NEUF"
    assert [i.etat for i in ImportAnnuaire.objects.order_by("pk")] == ["abandonne", "publie"]


@pytest.mark.django_db(transaction=True)
def test_deux_imports_a_la_fois_le_second_attend_son_tour(tmp_path):
    autre = connections.create_connection("default")
    try:
        with autre.cursor() as c:
            c.execute("SELECT pg_advisory_lock(%s)", [tables.VERROU])
        with pytest.raises(CommandError, match="en cours"):
            commander(fichier(tmp_path, activite(1)))
    finally:
        autre.close()


@pytest.mark.lent
@pytest.mark.django_db(transaction=True)
def test_tue_net_il_reprend_et_la_copie_reste_cherchable(tmp_path):
    """`kill -9` de l’import, dans son propre processus."""
    commander(fichier(tmp_path, activite(1, nom="AVANT")))
    chemin = fichier(tmp_path, *(activite(n, nom=f"NOM{n}") for n in range(3_000)), nom="grand.txt")
    nom = connection.settings_dict["NAME"]
    programme = (
        "import django, time; django.setup()\n"
        "from django.conf import settings; settings.ANNUAIRE_LOT = 100\n"
        "from django.db import connection\n"
        f"connection.settings_dict['NAME'] = {nom!r}\n"
        "from pathlib import Path\n"
        "from tests.annuaire.factories import importer_tout\n"
        f"importer_tout(Path({str(chemin)!r}), avancer=lambda a: time.sleep(0.05))\n"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "dui.settings"}
    processus = subprocess.Popen([sys.executable, "-c", programme], env=env)
    _attendre(lambda: ImportAnnuaire.objects.filter(retenues__gte=500).exists())
    processus.send_signal(signal.SIGKILL)
    processus.wait()
    connection.close()
    assert ExerciceAnnuaire.objects.get().nom == "AVANT"
    arrete = ImportAnnuaire.objects.get(etat="en_cours")
    _attendre(_libre)
    [fait] = importer_tout(chemin)
    assert (fait.pk, fait.reprises, fait.retenues) == (arrete.pk, 1, 3_000)
    assert ExerciceAnnuaire.objects.count() == 3_000


def _libre() -> bool:
    """The server has noticed that the dead command let go of its lock."""
    with connection.cursor() as c:
        c.execute("SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')")
        return c.fetchone()[0]


def _attendre(condition, secondes=30):
    limite = time.monotonic() + secondes
    while not condition():
        assert time.monotonic() < limite
        time.sleep(0.05)
