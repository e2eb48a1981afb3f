from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import InternalError, ProgrammingError
from django.utils import timezone

from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier, Evenement
from soins import services
from soins.models import Mesure, Vigilance
from tests.socle.factories import DossierFactory
from tests.soins.factories import MesureFactory, VigilanceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def ide(dossier, en_tant_que):
    return en_tant_que(dossier, role="IDE").habilitation


@pytest.fixture
def medecin(dossier, en_tant_que):
    return en_tant_que(dossier, role="MEDCO").habilitation


def noter(h, dossier, cle=None, le=None, **valeurs):
    return services.noter_mesures(
        h,
        dossier,
        mesuree_le=le or timezone.now(),
        valeurs={code: Decimal(v) for code, v in valeurs.items()},
        cle_saisie=cle or uuid4(),
    )


def fautes(exc) -> dict:
    return exc.value.message_dict


def test_un_tour_de_constantes_est_un_seul_acte(dossier, ide):
    notees = noter(ide, dossier, pas="128", pad="74", temperature="36.8")

    assert {m.code for m in notees} == {"pas", "pad", "temperature"}
    assert len({m.cle_saisie for m in notees}) == 1
    evenement = Evenement.objects.get(type="constantes.notees")
    assert evenement.charge["codes"] == ["pad", "pas", "temperature"]


def test_un_double_clic_ne_note_qu_une_fois(dossier, ide):
    cle = uuid4()
    premiere = noter(ide, dossier, cle=cle, temperature="36.8")
    seconde = noter(ide, dossier, cle=cle, temperature="36.8")
    assert [m.pk for m in premiere] == [m.pk for m in seconde]
    assert Mesure.objects.count() == Evenement.objects.count() == 1
    with pytest.raises(ValidationError, match="déjà servi"):  # « back », then another value
        noter(ide, dossier, cle=cle, temperature="38.6")


def test_la_cle_d_un_autre_ne_rend_pas_ses_mesures(dossier, ide, medecin):
    cle = uuid4()
    noter(ide, dossier, cle=cle, temperature="36.8")
    with pytest.raises(ValidationError, match="déjà servi"):
        noter(medecin, dossier, cle=cle, temperature="39")


def test_une_valeur_impossible_est_refusee_a_son_champ_et_rien_n_est_note(dossier, ide):
    with pytest.raises(ValidationError) as exc:
        noter(ide, dossier, temperature="98", spo2="96")
    assert list(fautes(exc)) == ["temperature"]
    assert not Mesure.objects.exists()


def test_une_pression_inversee_est_refusee_sur_la_diastolique(dossier, ide):
    with pytest.raises(ValidationError) as exc:
        noter(ide, dossier, pas="74", pad="128")
    assert list(fautes(exc)) == ["pad"]


def test_le_futur_et_l_avant_naissance_sont_refuses(dossier, ide):
    for le in (timezone.now() + timedelta(minutes=5), timezone.now() - timedelta(days=40_000)):
        with pytest.raises(ValidationError) as exc:
            noter(ide, dossier, le=le, temperature="36.8")
        assert list(fautes(exc)) == ["mesuree_le"]


def test_une_saisie_vide_ne_note_rien(dossier, ide):
    with pytest.raises(ValidationError, match="au moins une"):
        noter(ide, dossier)


def test_un_dossier_d_ailleurs_ne_se_mesure_pas(ide):
    with pytest.raises(Dossier.DoesNotExist):
        noter(ide, DossierFactory(), temperature="36.8")


# ---------------------------------------------------------------- corrections


def corriger(h, mesure, valeur="63.4", motif="Balance mal lue", cle=None):
    return services.corriger_mesure(
        h,
        mesure.pk,
        valeur=Decimal(valeur),
        mesuree_le=mesure.mesuree_le,
        motif=motif,
        cle_saisie=cle or uuid4(),
    )


def test_corriger_garde_l_ancienne_valeur_et_dit_pourquoi(dossier, ide):
    ancienne = MesureFactory(dossier=dossier, code="poids", valeur="36.4")
    nouvelle = corriger(ide, ancienne)

    ancienne.refresh_from_db()
    assert not ancienne.courante and ancienne.valeur == Decimal("36.40")
    assert (nouvelle.remplace, nouvelle.motif_correction) == (ancienne, "Balance mal lue")
    assert list(Mesure.objects.en_vigueur()) == [nouvelle]


def test_une_correction_sans_motif_ou_hors_bornes_est_refusee(dossier, ide):
    mesure = MesureFactory(dossier=dossier, code="poids", valeur="36.4")
    with pytest.raises(ValidationError) as exc:
        corriger(ide, mesure, motif="  ")
    assert list(fautes(exc)) == ["motif"]
    with pytest.raises(ValidationError) as exc:
        corriger(ide, mesure, valeur="900")
    assert list(fautes(exc)) == ["valeur"]


def test_le_second_a_corriger_voit_la_version_en_vigueur(dossier, ide, medecin):
    mesure = MesureFactory(dossier=dossier, code="poids", valeur="36.4")
    en_vigueur = corriger(ide, mesure)
    with pytest.raises(ConflitDeVersion) as exc:
        corriger(medecin, mesure, valeur="64")
    assert exc.value.actuel == en_vigueur


def test_un_double_clic_sur_corriger_est_une_seule_correction(dossier, ide):
    mesure, cle = MesureFactory(dossier=dossier, code="poids", valeur="36.4"), uuid4()
    assert corriger(ide, mesure, cle=cle) == corriger(ide, mesure, cle=cle)
    assert Mesure.objects.count() == 2


def test_une_correction_ne_reprend_pas_la_cle_de_la_mesure(dossier, ide):
    mesure = MesureFactory(dossier=dossier, code="poids", valeur="64.4")
    with pytest.raises(ValidationError, match="déjà servi"):
        corriger(ide, mesure, cle=mesure.cle_saisie)
    mesure.refresh_from_db()
    assert mesure.courante


def test_une_mesure_annulee_quitte_les_series_mais_pas_la_base(dossier, ide):
    mesure = MesureFactory(dossier=dossier, code="poids", valeur="36.4")
    services.annuler_mesure(ide, mesure.pk, motif="Mauvaise personne", cle_saisie=uuid4())
    assert not Mesure.objects.en_vigueur().exists()
    assert Mesure.objects.get(annulation=True).motif_correction == "Mauvaise personne"


def test_la_base_refuse_de_reecrire_une_mesure(dossier):
    mesure = MesureFactory(dossier=dossier)
    mesure.valeur = Decimal("40")
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        mesure.save()


# ---------------------------------------------------------------- vigilances


def ajouter(h, dossier, **champs):
    champs = {"type": "allergie", "libelle": "Allergie : latex", "gravite": 3} | champs
    return services.ajouter_vigilance(h, dossier, **champs)


def test_le_medecin_note_une_allergie_signee_de_lui(dossier, medecin):
    vigilance = ajouter(medecin, dossier)
    assert vigilance in Vigilance.objects.en_cours()
    assert vigilance.history.get().history_user == medecin.compte
    assert Evenement.objects.get().charge["type"] == "allergie"


def test_l_infirmiere_lit_les_vigilances_sans_pouvoir_en_ajouter(dossier, ide):
    with pytest.raises(Dossier.DoesNotExist):
        ajouter(ide, dossier)


def test_une_vigilance_ne_commence_pas_demain(dossier, medecin):
    with pytest.raises(ValidationError) as exc:
        ajouter(medecin, dossier, depuis=timezone.localdate() + timedelta(days=1))
    assert list(fautes(exc)) == ["depuis"]


def test_lever_une_vigilance_la_retire_aussitot_et_garde_le_motif(dossier, medecin):
    vigilance = VigilanceFactory(dossier=dossier)
    services.lever_vigilance(
        medecin, vigilance.pk, version_lue=1, motif="Marche de nouveau sans aide"
    )
    assert not Vigilance.objects.en_cours().exists()
    derniere = Vigilance.history.latest()
    assert derniere.history_change_reason == "Marche de nouveau sans aide"


def test_on_ne_leve_pas_une_vigilance_qu_un_autre_vient_de_modifier(dossier, medecin):
    vigilance = VigilanceFactory(dossier=dossier)
    champs = {n: getattr(vigilance, n) for n in ("type", "precision", "gravite", "depuis")}
    services.modifier_vigilance(
        medecin, vigilance.pk, version_lue=1, libelle="Chute : trois ce mois", **champs
    )
    with pytest.raises(ConflitDeVersion) as exc:
        services.lever_vigilance(medecin, vigilance.pk, version_lue=1, motif="Va mieux")
    assert exc.value.actuel.libelle == "Chute : trois ce mois"


def test_l_historique_des_vigilances_est_en_ajout_seul(dossier, medecin):
    ajouter(medecin, dossier)
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
        Vigilance.history.all().delete()
