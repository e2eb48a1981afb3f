"""Le tout premier administrateur, tel que docs/exploitation.md le dit."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.template import engines
from django.urls import reverse
from django.utils import timezone

from dui.socle.models import Compte
from habilitations.models import Droit
from tests.outils import connecter
from tests.socle.factories import EtablissementFactory

pytestmark = pytest.mark.django_db


def test_le_premier_superutilisateur_se_fait_administrateur_puis_ouvre_l_equipe(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "ma cuisine sent la cannelle")
    call_command("createsuperuser", username="racine", email="", interactive=False, verbosity=0)
    compte = Compte.objects.get(username="racine")
    client = connecter(compte)
    assert client.get("/equipe/").status_code == 404
    champs = {
        "compte": compte.pk,
        "role": "ADMIN_SI",
        "etablissement": EtablissementFactory().pk,
        "portee": "etablissement",
        "debut": f"{timezone.localdate():%d/%m/%Y}",
    }
    adresse = reverse("admin:habilitations_affectation_add")
    assert client.post(adresse, champs).status_code == 302
    assert client.get("/equipe/remplacant/").status_code == 200
    assert client.get("/residents/").status_code == 403


def test_une_base_d_avant_recoit_le_droit_des_cadres_une_fois():
    migration = import_module("habilitations.migrations.0006_administration")
    des_cadres = {"role__in": ["IDEC", "DIRECTEUR"], "bloc": "PAR", "action": "administrer"}
    Droit.objects.filter(**des_cadres).delete()
    etat = MigrationLoader(connection).project_state(("habilitations", "0006_administration"))
    apps = etat.apps  # as the migration sees them: nothing writes the history for it
    for _ in range(2):
        migration.ouvrir_aux_cadres(apps, None)
    assert Droit.objects.filter(**des_cadres, note=25).count() == 2
    assert Droit.history.filter(**des_cadres, history_type="+").count() == 2
