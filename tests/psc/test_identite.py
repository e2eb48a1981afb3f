"""Déclarer quelle carte ouvre un compte : qui en répond, et personne d’autre."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from dui.socle.models import EntreeJournal, Evenement
from habilitations.models import IdentiteProfessionnelle, SessionOuverte
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter, jeton_de
from tests.psc.outils import MAISON, RPPS
from tests.socle.factories import CompteFactory, EtablissementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def maison():
    return EtablissementFactory(finess=MAISON.finess)


@pytest.fixture
def cadre(maison, fournisseur):
    return connecter(AffectationFactory(role="IDEC", etablissement=maison).compte)


@pytest.fixture
def soignante(maison):
    return AffectationFactory(role="IDE", etablissement=maison).compte


def adresse(compte) -> str:
    return reverse("equipe_identite", args=[compte.pk])


def envoyer(client, compte, **champs):
    return client.post(adresse(compte), jeton_de(client.get(adresse(compte))) | champs)


def test_le_cadre_declare_la_carte_puis_la_personne_entre(cadre, soignante, poste):
    assertContains(cadre.get(reverse("equipe_membre", args=[soignante.pk])), adresse(soignante))
    assert poste.entrer().status_code == 403
    assertRedirects(
        envoyer(cadre, soignante, identifiant=f" {RPPS} "),
        reverse("equipe_membre", args=[soignante.pk]),
    )
    poste.entrer()
    assert poste.connecte
    identite = IdentiteProfessionnelle.objects.get()
    assert identite.history.get().history_user == cadre.compte


def test_l_acte_laisse_une_trace_et_un_evenement_sans_le_numero(cadre, soignante):
    envoyer(cadre, soignante, identifiant=RPPS)
    trace = EntreeJournal.objects.get(action="habilitation", cible="compte.identite_declaree")
    assert (trace.acteur, trace.contexte["compte"]) == (cadre.compte, soignante.pk)
    assert RPPS not in str(trace.contexte)
    assert Evenement.objects.filter(type="compte.identite_declaree").exists()


def test_retiree_elle_n_ouvre_plus_rien_et_ferme_ce_qu_elle_avait_ouvert(cadre, soignante, poste):
    envoyer(cadre, soignante, identifiant=RPPS)
    poste.entrer()
    assert SessionOuverte.objects.filter(compte=soignante).exists()
    envoyer(cadre, soignante, retirer=IdentiteProfessionnelle.objects.get().pk)
    assert not IdentiteProfessionnelle.objects.exists()
    assert not SessionOuverte.objects.filter(compte=soignante).exists()
    assert poste.entrer().status_code == 403
    assert EntreeJournal.objects.filter(cible="compte.identite_retiree").exists()


def test_la_carte_d_un_autre_ne_se_declare_ni_ne_se_retire(cadre, soignante, maison):
    autre = AffectationFactory(role="AS", etablissement=maison).compte
    envoyer(cadre, soignante, identifiant=RPPS)
    refus = envoyer(cadre, autre, identifiant=RPPS)
    assertContains(refus, "déjà celui d’un compte", status_code=422)
    envoyer(cadre, autre, retirer=IdentiteProfessionnelle.objects.get().pk)
    assert IdentiteProfessionnelle.objects.get().compte == soignante


def test_on_ne_declare_ni_la_sienne_ni_celle_de_qui_a_plus_de_droits(cadre, maison):
    direction = AffectationFactory(role="DIRECTEUR", etablissement=maison).compte
    for compte in (cadre.compte, direction):
        assertNotContains(cadre.get(reverse("equipe_membre", args=[compte.pk])), adresse(compte))
        assert cadre.get(adresse(compte)).status_code == 403
        refus = cadre.post(adresse(compte), {"identifiant": RPPS})
        assert refus.status_code == 403
    assert not IdentiteProfessionnelle.objects.exists()
    assert EntreeJournal.objects.filter(action="refus", bloc="PAR").count() == 4


def test_ni_un_soignant_ni_un_cadre_d_ailleurs_ni_le_portail(cadre, soignante):
    for acteur, statut in (
        (soignante, 403),
        (AffectationFactory(role="IDEC").compte, 404),
        (CompteFactory(), 404),
    ):
        assert connecter(acteur).get(adresse(soignante)).status_code == statut


def test_sans_pro_sante_connect_la_page_le_dit(cadre, soignante, settings):
    settings.PSC_OUVERT, settings.PSC_DECOUVERTE = False, ""
    fiche = cadre.get(reverse("equipe_membre", args=[soignante.pk]))
    assertNotContains(fiche, adresse(soignante))
    assertContains(cadre.get(adresse(soignante)), "n’est pas ouvert sur ce serveur")
    assert cadre.post(adresse(soignante), {"identifiant": RPPS}).status_code == 422
    assert not IdentiteProfessionnelle.objects.exists()
