"""Partir et revenir : ce qui a eu lieu, à une heure qui existe."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from tests.accompagnement.factories import AbsenceFactory
from tests.outils import formulaire_de
from tests.socle.factories import DossierFactory


@pytest.fixture
def dossier(db):
    return DossierFactory()


@pytest.fixture
def poste(dossier, en_tant_que):
    return en_tant_que(dossier, role="SECRETAIRE")


def noter(poste, dossier, **champs):
    adresse = reverse("accompagnement:absence", args=[dossier.pk])
    _, lus = formulaire_de(poste.get(adresse))
    return poste.post(adresse, lus | champs)


def ecrit(instant):
    return f"{timezone.localtime(instant):%d/%m/%Y %H:%M}"


@pytest.mark.parametrize("debut", ["01/01/0001 00:00", "22/11/0226 10:00", "31/12/9999 23:59"])
def test_une_annee_mal_tapee_est_refusee_et_la_maison_reste_lisible(poste, dossier, debut):
    reponse = noter(poste, dossier, motif="AH", debut=debut)
    assertContains(reponse, "Vérifiez l’année", status_code=422)
    assertContains(reponse, debut, status_code=422)
    for page in ("/", "/residents/"):
        assert poste.get(page).status_code == 200


def test_la_base_refuse_une_absence_d_une_autre_ere(dossier):
    with pytest.raises(IntegrityError, match="absence_dates_plausibles"), transaction.atomic():
        AbsenceFactory(dossier=dossier, debut=timezone.now().replace(year=2))


def test_un_depart_a_venir_ne_cache_pas_le_vrai(poste, dossier):
    demain = timezone.now() + timedelta(days=1)
    reponse = noter(poste, dossier, motif="AH", debut=ecrit(demain))
    assertContains(reponse, "pas encore passée", status_code=422)
    avant = timezone.now() - timedelta(hours=2)
    assert noter(poste, dossier, motif="AH", debut=ecrit(avant)).status_code == 302


def test_un_retour_a_venir_est_refuse_et_le_vrai_se_note(poste, dossier):
    AbsenceFactory(dossier=dossier)
    reponse = noter(poste, dossier, fin="31/12/2099 10:00")
    assertContains(reponse, "pas encore passée", status_code=422)
    fin = timezone.now() - timedelta(minutes=5)
    assert noter(poste, dossier, fin=ecrit(fin)).status_code == 302
    assert dossier.absences.get().fin


def test_un_depart_avant_l_entree_est_refuse(poste, dossier):
    reponse = noter(poste, dossier, motif="AH", debut="02/01/1999 10:00")
    assertContains(reponse, "Le séjour a commencé le", status_code=422)


def test_le_brouillon_d_un_depart_ne_se_perd_pas_dans_le_retour(poste, dossier):
    """Deux formulaires vivent à la même adresse : chacun a ses brouillons."""
    adresse = reverse("accompagnement:absence", args=[dossier.pk])
    page = poste.get(adresse)
    _, champs = formulaire_de(page)
    brouillon = page.context["redaction"].adresse
    entetes = {"Referer": f"http://testserver{adresse}", "Accept": "application/json"}
    reprise = poste.post(brouillon, champs | {"lieu": "CHU de Lille"}, headers=entetes).json()
    AbsenceFactory(dossier=dossier)
    _, retour = formulaire_de(poste.get(reprise["reprise"]))
    assert poste.post(adresse, retour).status_code == 302
    assertContains(poste.get(reprise["reprise"]), "CHU de Lille")
