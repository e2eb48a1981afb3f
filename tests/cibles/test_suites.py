"""« Suite à donner » : demandée avec la transmission, faite une fois, rappelée quand elle tarde."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement.models import Transmission
from dui.socle import taches
from dui.socle.models import Tache
from tests.accompagnement.test_transmissions import ecrire, url
from tests.outils import jeton_de
from tests.socle.factories import DossierFactory

DEMAIN = {"suite_le": f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}"}


@pytest.fixture
def dossier(db):
    return DossierFactory()


def demander(client, dossier, **champs):
    return ecrire(client, dossier, suite_titre="Refaire le pansement", **DEMAIN | champs)


def test_une_suite_s_adresse_a_une_fonction_et_se_lit_dans_le_fil(en_tant_que, dossier):
    aide = en_tant_que(dossier, role="AS")
    assert demander(aide, dossier, suite_pour="IDE").status_code == 302
    tache = Tache.objects.get()
    assert (tache.role, tache.etablissement) == ("IDE", dossier.sejours.get().etablissement)
    assert tache.source_id == Transmission.objects.get().pk
    page = en_tant_que(dossier, role="IDE").get(url("transmissions", dossier))
    assertContains(page, "Refaire le pansement")
    assertContains(page, "À faire")
    assert f"#t-{tache.source_id}" in taches.source_de(tache).adresse(tache)


def test_faite_une_fois_elle_dit_par_qui(en_tant_que, dossier):
    demander(en_tant_que(dossier, role="AS"), dossier, suite_pour="IDE")
    tache = Tache.objects.get()
    premiere, seconde = (en_tant_que(dossier, role="IDE") for _ in range(2))
    jetons = [jeton_de(c.get(url("transmissions", dossier))) for c in (premiere, seconde)]
    adresse = url("suite_faite", dossier, tache.pk)
    premiere.post(adresse, jetons[0])
    reponse = seconde.post(adresse, jetons[1], follow=True)
    assertContains(reponse, "Déjà faite par")
    tache.refresh_from_db()
    assert (tache.etat, tache.close_par) == ("faite", premiere.compte)


def test_en_retard_elle_revient_a_la_releve_et_a_l_accueil(en_tant_que, dossier):
    client = en_tant_que(dossier, role="IDE")
    demander(client, dossier, suite_pour="moi")
    for adresse in ("/", reverse("accompagnement:releve")):
        assertNotContains(client.get(adresse), "Suites en retard")
    tache = Tache.objects.get()
    tache.echeance_le = timezone.now() - timedelta(hours=1)
    tache.save()
    for adresse in ("/", reverse("accompagnement:releve")):
        assertContains(client.get(adresse), "Refaire le pansement")
    client.post(
        url("suite_faite", dossier, tache.pk),
        jeton_de(client.get("/releve/")) | {"retour": "releve"},
    )
    assertNotContains(client.get("/"), "Refaire le pansement")


def test_une_suite_demande_un_jour_et_une_note_ouverte(en_tant_que, dossier):
    client = en_tant_que(dossier, role="PSYCHOLOGUE")
    assertContains(demander(client, dossier, suite_le=""), "Dites pour quand", status_code=422)
    hier = f"{timezone.localdate() - timedelta(days=1):%d/%m/%Y}"
    assertContains(demander(client, dossier, suite_le=hier), "jour à venir", status_code=422)
    reponse = demander(client, dossier, reserve="psychologues", suite_pour="moi")
    assertContains(reponse, "lue par toute l’équipe", status_code=422)
    assert not Transmission.objects.exists() and not Tache.objects.exists()


def test_l_etranger_ne_fait_rien_d_une_suite(en_tant_que, dossier):
    demander(en_tant_que(dossier, role="AS"), dossier)
    adresse = url("suite_faite", dossier, Tache.objects.get().pk)
    ailleurs = DossierFactory()
    etrangere = en_tant_que(ailleurs, role="IDE")
    jetons = jeton_de(etrangere.get(url("transmission_nouvelle", ailleurs)))
    assert etrangere.post(adresse, jetons).status_code == 404
    glisse = url("suite_faite", ailleurs, Tache.objects.get().pk)
    assert etrangere.post(glisse, jetons).status_code == 404
    assert Tache.objects.get().etat == "a_faire"
