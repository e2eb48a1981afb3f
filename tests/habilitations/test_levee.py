"""Celui qu’une opposition vise n’en décide rien : ni la lever, ni en lire le motif."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from habilitations.models import Interdiction
from habilitations.oppositions import services
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.outils import connecter
from tests.socle.factories import CompteFactory, DossierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def vise(dossier):
    return collegue(dossier, "MEDCO")


@pytest.fixture
def interdiction(dossier, vise):
    return Interdiction.objects.create(
        compte=vise,
        dossier=dossier,
        blocs=["OBS"],
        origine="personne",
        motif="Un voisin de palier.",
        decidee_par=CompteFactory(),
    )


def collegue(dossier, role, **champs):
    etablissement = dossier.sejours.get().etablissement
    return AffectationFactory(role=role, etablissement=etablissement, **champs).compte


def lever(compte, interdiction):
    adresse = reverse("oppositions:lever", args=[interdiction.dossier_id, interdiction.pk])
    return connecter(compte).post(adresse, {"motif": "Erreur de saisie."}).status_code


def test_celui_qu_elle_vise_ne_la_leve_pas_un_autre_oui_un_etranger_ne_la_trouve_pas(
    dossier, vise, interdiction
):
    assert lever(vise, interdiction) == 404
    assert lever(AffectationFactory(role="SECRETAIRE").compte, interdiction) == 404
    assert lever(collegue(dossier, "IDE"), interdiction) == 403
    assert Interdiction.objects.en_cours().exists()
    assistante = collegue(dossier, "ASS_SOCIAL")
    assert lever(assistante, interdiction) == 302
    interdiction.refresh_from_db()
    assert interdiction.levee_par == assistante


def test_le_service_et_la_base_le_refusent_aussi(vise, interdiction):
    with pytest.raises(PermissionDenied, match="Personne ne lève"):
        services.lever(Habilitation(vise), interdiction, motif="Erreur.")
    interdiction.levee_le, interdiction.levee_par = timezone.now(), vise
    with pytest.raises(IntegrityError, match="interdiction_levee_par_un_autre"):
        interdiction.save()


def test_il_sait_que_c_est_ferme_mais_n_en_lit_pas_le_motif(dossier, vise, interdiction):
    adresse = reverse("oppositions:pourquoi", args=[dossier.pk])
    page = connecter(vise).get(adresse)
    assertContains(page, "Vous concerne")
    assertNotContains(page, "voisin de palier")
    assertNotContains(page, reverse("oppositions:lever", args=[dossier.pk, interdiction.pk]))
    assertContains(connecter(collegue(dossier, "SECRETAIRE")).get(adresse), "voisin de palier")


def test_personne_ne_se_ferme_un_dossier_a_soi_meme(dossier):
    secretaire = collegue(dossier, "SECRETAIRE")
    adresse = reverse("oppositions:opposer", args=[dossier.pk])
    saisie = {"compte": secretaire.pk, "origine": "personne", "motif": "Une cousine."}
    assert connecter(secretaire).post(adresse, saisie).status_code == 422
    with pytest.raises(PermissionDenied, match="à soi-même"):
        services.interdire(
            Habilitation(secretaire),
            dossier,
            compte=secretaire,
            blocs=[],
            origine="personne",
            motif="Une cousine.",
        )
    assert not Interdiction.objects.exists()


def test_on_choisit_parmi_ceux_dont_le_role_ouvre_le_dossier_avec_leur_profession(dossier):
    collegue(dossier, "IDE", compte=CompteFactory(first_name="Léa", last_name="Roy"))
    collegue(dossier, "ASH", compte=CompteFactory(first_name="Ana", last_name="Diaz"))
    collegue(dossier, "DPO", compte=CompteFactory(last_name="Delegue"))
    collegue(dossier, "ADMIN_SI", compte=CompteFactory(last_name="Technique"))
    AffectationFactory(role="IDE", compte=CompteFactory(last_name="Ailleurs"))
    client = connecter(collegue(dossier, "SECRETAIRE"))
    page = client.get(reverse("oppositions:opposer", args=[dossier.pk]))
    assertContains(page, "Roy Léa, Infirmier")
    assertContains(page, "Diaz Ana, ")
    for absent in ("Delegue", "Technique", "Ailleurs"):
        assertNotContains(page, absent)
