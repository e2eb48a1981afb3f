"""Réserver une note à sa profession, la corriger, l’ouvrir : qui peut, ce que la base refuse."""

import uuid

import lxml.html
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accompagnement import services
from accompagnement.models import Transmission
from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.reserves.outils import DEBUT, SECRET, ecrire, lit, saisie
from tests.outils import formulaire_de, jeton_de

pytestmark = pytest.mark.django_db


def test_la_psychologue_reserve_sa_note_a_ses_consoeurs(dossier, psychologue):
    adresse = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
    page = psychologue.get(adresse)
    assertContains(page, "Psychologues seulement")
    assert formulaire_de(page)[1]["reserve"] == ["equipe"]
    assert ecrire(psychologue, dossier, reserve="psychologues").status_code == 302
    assert Transmission.objects.get().reserve == "psychologues"


@pytest.mark.parametrize("role", ["IDE", "AS", "IDEC", "EDUCATEUR"])
def test_qui_n_est_pas_d_une_de_ces_professions_ne_voit_pas_le_choix(role, dossier, en_tant_que):
    client = en_tant_que(dossier, role=role)
    adresse = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
    assertNotContains(client.get(adresse), 'name="reserve"')
    reponse = ecrire(client, dossier, reserve="psychologues")
    assertContains(reponse, services.RESERVE_REFUSEE, status_code=422)
    assertContains(reponse, SECRET, status_code=422)
    assert ecrire(client, dossier).status_code == 302
    assert Transmission.objects.get().reserve == ""


def test_on_ne_reserve_pas_a_la_profession_d_un_autre(dossier, psychologue):
    reponse = ecrire(psychologue, dossier, reserve="medecins")
    assertContains(reponse, services.RESERVE_REFUSEE, status_code=422)
    with pytest.raises(ValidationError):
        services.ecrire_transmission(
            psychologue.habilitation,
            dossier,
            survenu_le=timezone.now(),
            cle_saisie=uuid.uuid4(),
            forme="recit",
            texte="x",
            reserve="medecins",
        )
    assert not Transmission.objects.exists()


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"partager": "on"}, services.RESERVEE_HORS_DU_PORTAIL),
        ({"destinataires": ["IDE"]}, "elle est réservée"),
    ],
)
def test_reservee_elle_ne_s_adresse_a_personne_d_autre(champs, message, dossier, psychologue):
    reponse = ecrire(psychologue, dossier, reserve="psychologues", **champs)
    assertContains(reponse, message, status_code=422)
    assert not Transmission.objects.exists()
    assert ecrire(psychologue, dossier, **champs).status_code == 302


def test_le_choix_revient_avec_le_brouillon(dossier, psychologue):
    adresse = reverse("accompagnement:transmission_nouvelle", args=[dossier.pk])
    page = psychologue.get(adresse)
    champs = saisie(reserve="psychologues") | jeton_de(page)
    psychologue.post(
        page.context["redaction"].adresse,
        champs,
        headers={"referer": f"http://testserver{adresse}"},
    )
    brouillon = psychologue.get("/brouillons/").content.decode()
    reprise = lxml.html.fromstring(brouillon).xpath("//a[contains(@href,'brouillon=')]/@href")[0]
    assert formulaire_de(psychologue.get(reprise))[1]["reserve"] == ["psychologues"]


# ------------------------------------------------------------------ corriger


def corriger(client, note, **champs):
    adresse = reverse("accompagnement:transmission_corriger", args=[note.dossier_id, note.pk])
    page = client.get(adresse)
    commun = {"motif": "précision", "version_lue": note.version, "donnees": f"{SECRET} Corrigé."}
    return client.post(adresse, saisie(**commun | champs) | jeton_de(page))


@pytest.fixture
def sienne(dossier, psychologue):
    return TransmissionFactory(
        dossier=dossier, auteur=psychologue.compte, donnees=SECRET, reserve="psychologues"
    )


def test_une_correction_garde_la_reserve_meme_si_la_page_n_en_dit_rien(psychologue, sienne):
    assert corriger(psychologue, sienne).status_code == 302
    assert Transmission.objects.en_vigueur().get().reserve == "psychologues"


def test_la_page_de_correction_propose_la_reserve_en_place(psychologue, sienne, dossier):
    adresse = reverse("accompagnement:transmission_corriger", args=[dossier.pk, sienne.pk])
    assert formulaire_de(psychologue.get(adresse))[1]["reserve"] == ["psychologues"]


def test_l_auteur_l_ouvre_a_l_equipe_expres_les_anciennes_versions_restent_reservees(
    psychologue, sienne, dossier, en_tant_que
):
    assert corriger(psychologue, sienne, reserve="equipe").status_code == 302
    ouverte = Transmission.objects.en_vigueur().get()
    ide = en_tant_que(dossier, role="IDE")
    historique = reverse("accompagnement:transmission_historique", args=[dossier.pk, ouverte.pk])
    page = ide.get(historique)
    assertContains(page, f"{SECRET} Corrigé.")
    assert len(page.context["versions"]) == 1
    assert len(psychologue.get(historique).context["versions"]) == 2
    assert not lit(ide.compte, sienne)


def test_reserver_apres_coup_ferme_aussi_ce_qui_etait_lu_et_partage(
    psychologue, dossier, en_tant_que, sur_le_portail
):
    ide = en_tant_que(dossier, role="IDE")
    note = TransmissionFactory(
        dossier=dossier,
        auteur=psychologue.compte,
        donnees=SECRET,
        partagee=True,
        destinataires=["IDE", "PSYCHOLOGUE"],
    )
    assert lit(ide.compte, note)
    assert corriger(psychologue, note).status_code == 302
    seconde = Transmission.objects.en_vigueur().get()
    assert seconde.reserve == ""
    assert corriger(psychologue, seconde, reserve="psychologues").status_code == 302
    chaine = list(Transmission.objects.order_by("version"))
    assert [t.reserve for t in chaine] == ["psychologues"] * 3
    assert chaine[-1].destinataires == ["PSYCHOLOGUE"]
    assert not any(lit(ide.compte, t) for t in chaine)
    page = sur_le_portail(dossier).get(reverse("relation_usager:nouvelles", args=[dossier.pk]))
    assertNotContains(page, DEBUT)


def test_la_base_refuse_de_rouvrir_une_version_reservee(sienne):
    lignes = Transmission.objects.filter(pk=sienne.pk)
    for reserve in ("", "medecins"):
        with pytest.raises(DatabaseError), transaction.atomic():
            lignes.update_sans_historique(motif="test", reserve=reserve)
