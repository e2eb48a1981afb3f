"""Un accès commence à peu près maintenant : son code ne vaut ni hier, ni dans des années."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from habilitations.equipe.regles import refus_du_debut
from habilitations.models import Activation, Affectation
from tests.habilitations.equipe.gestes import ajouter

JOUR = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("ecart", "permis"), [(-8, False), (-7, True), (0, True), (90, True), (91, False)]
)
def test_le_debut_a_deux_bornes(ecart, permis):
    assert bool(refus_du_debut(JOUR + timedelta(days=ecart), JOUR)) != permis


@pytest.mark.django_db
@pytest.mark.parametrize("debut", ["01/01/1900", "01/01/2099"])
def test_un_remplacement_hors_de_ces_bornes_se_refuse_et_ne_laisse_rien(cadre, unite, debut):
    reponse = ajouter(cadre, unite, debut=debut, fin=debut)
    assertContains(reponse, "Entre le ", status_code=422)
    assert not Activation.objects.exists()
    assert Affectation.objects.filter(role="AS").count() == 0


@pytest.mark.django_db
def test_un_remplacement_se_prepare_des_semaines_avant(cadre, unite):
    debut = timezone.localdate() + timedelta(days=60)
    fin = debut + timedelta(days=7)
    reponse = ajouter(cadre, unite, debut=f"{debut:%d/%m/%Y}", fin=f"{fin:%d/%m/%Y}")
    assert reponse.status_code == 200
    limite = timezone.localdate() + timedelta(days=65)
    assert Activation.objects.get().expire_le.date() < limite
