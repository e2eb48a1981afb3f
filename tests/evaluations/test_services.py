"""Écrire une évaluation : brouillon, validation, correction, et ce que la base refuse."""

import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from accompagnement.evaluations import services
from accompagnement.models import Evaluation
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Dossier, Evenement
from tests.evaluations.factories import ALGOPLUS, HUIT_A, HUIT_C, EvaluationFactory
from tests.evaluations.test_definitions import TABLE
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db
COMPLET = ALGOPLUS | {"comportements": "non"}


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def qui(en_tant_que, dossier):
    def habilitation(role="IDE", **champs):
        return en_tant_que(dossier, role=role, **champs).habilitation

    return habilitation


def commencer(h, dossier, grille="algoplus", reponses=COMPLET, **saisie):
    saisie.setdefault("faite_le", timezone.now() - timedelta(minutes=10))
    saisie.setdefault("cle_saisie", uuid.uuid4())
    return services.commencer(h, dossier, grille=grille, reponses=dict(reponses), **saisie)


def test_un_brouillon_incomplet_se_garde_sans_score(qui, dossier):
    e = commencer(qui(), dossier, reponses=ALGOPLUS)

    assert (e.etat, e.score) == ("brouillon", None)
    assert e.resultat["manquants"] == ["comportements"]


def test_une_evaluation_validee_garde_tout_ce_qui_la_fonde(qui, dossier):
    h = qui()
    e = commencer(h, dossier, valider=True, auto_evaluation=True, avec="sa fille")
    e.refresh_from_db()

    assert (e.etat, e.score, e.resultat["conclusion"]) == (
        "validee",
        2,
        "Douleur présente\xa0: traiter",
    )
    assert (e.version_grille, e.version_moteur, e.fonction) == ("2025-11", "1", "IDE")
    assert (e.validee_par, e.auto_evaluation, e.avec) == (h.compte, True, "sa fille")
    assert e.faite_le < e.ecrite_le <= e.validee_le


def test_valider_demande_toutes_les_reponses(qui, dossier):
    with pytest.raises(ValidationError, match="Il manque"):
        commencer(qui(), dossier, reponses=ALGOPLUS, valider=True)


def test_le_meme_envoi_deux_fois_est_une_seule_evaluation(qui, dossier):
    h, cle = qui(), uuid.uuid4()

    premiere = commencer(h, dossier, cle_saisie=cle)

    assert commencer(h, dossier, cle_saisie=cle) == premiere
    with pytest.raises(ValidationError, match="déjà servi"):
        commencer(qui("IDEC"), dossier, cle_saisie=cle)


def test_une_reponse_hors_de_la_grille_est_dite_a_sa_place(qui, dossier):
    with pytest.raises(services.ReponsesInvalides) as refus:
        commencer(qui(), dossier, grille="en", reponses={"intensite": "12"})

    assert refus.value.fautes == {"intensite": "de 0 à 10"}


def test_une_evaluation_ne_se_fait_ni_demain_ni_avant_la_naissance(qui, dossier):
    h = qui()
    for faite_le in (timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=60000)):
        with pytest.raises(ValidationError):
            commencer(h, dossier, faite_le=faite_le)


def test_l_evenement_ne_dit_ni_reponse_ni_score(qui, dossier):
    e = commencer(qui(), dossier, valider=True)

    evenement = Evenement.objects.get(type="evaluation.validee")
    assert evenement.charge == {"evaluation": str(e.pk), "grille": "algoplus"}


# ---------------------------------------------------------------- drafts


def test_un_collegue_complete_le_brouillon_et_signe_aussi(qui, dossier):
    premiere, collegue = qui(), qui("IDEC")
    e = commencer(premiere, dossier, reponses=ALGOPLUS)

    e = services.completer(
        collegue,
        e.pk,
        dossier,
        revision_lue=1,
        reponses=COMPLET,
        faite_le=e.faite_le,
        valider=True,
    )

    assert (e.auteur, e.validee_par) == (premiere.compte, collegue.compte)
    assert [x["compte"] for x in e.evaluateurs] == [premiere.compte.pk, collegue.compte.pk]


def test_deux_collegues_sur_le_meme_brouillon_le_second_est_prevenu(qui, dossier):
    e = commencer(qui(), dossier, reponses=ALGOPLUS)
    communs = {"revision_lue": 1, "reponses": COMPLET, "faite_le": e.faite_le}
    services.completer(qui("IDEC"), e.pk, dossier, **communs)

    with pytest.raises(ConflitDeVersion) as conflit:
        services.completer(qui(), e.pk, dossier, **communs)

    assert conflit.value.actuel.revision == 2


def test_l_aide_soignante_ne_continue_que_ses_brouillons(qui, dossier):
    aide = qui("AS")
    sien, autre = commencer(aide, dossier), commencer(qui(), dossier)

    assert set(Evaluation.objects.a_remplir(aide, dossier)) == {sien}
    assert set(Evaluation.objects.a_remplir(qui("IDEC"), dossier)) == {sien, autre}


def test_un_brouillon_s_abandonne_une_evaluation_validee_jamais(qui, dossier):
    h = qui()
    brouillon, validee = commencer(h, dossier), commencer(h, dossier, valider=True)

    services.abandonner(h, brouillon.pk, dossier)

    assert not Evaluation.objects.filter(pk=brouillon.pk).exists()
    assert Evenement.objects.filter(type="evaluation.abandonnee").exists()
    with pytest.raises(Evaluation.DoesNotExist):
        services.abandonner(h, validee.pk, dossier)


# ---------------------------------------------------------------- who validates


def test_aggir_se_valide_par_qui_en_a_le_droit(qui, dossier):
    infirmiere, medecin = qui(), qui("MEDCO")
    with pytest.raises(ValidationError, match="médecin coordonnateur"):
        commencer(infirmiere, dossier, "aggir", HUIT_C, valider=True)
    brouillon = commencer(infirmiere, dossier, "aggir", HUIT_C)

    validee = services.completer(
        medecin,
        brouillon.pk,
        dossier,
        revision_lue=1,
        reponses=HUIT_C,
        faite_le=brouillon.faite_le,
        valider=True,
    )

    assert (validee.fonction, validee.fonction_validation) == ("IDE", "Médecin coordonnateur")


@pytest.mark.parametrize("role", ["SECRETAIRE", "DIM", "ASH"])
def test_qui_n_ecrit_pas_d_evaluation_n_ouvre_rien(qui, dossier, role):
    with pytest.raises(Dossier.DoesNotExist):
        commencer(qui(role), dossier)


def test_une_infirmiere_d_ailleurs_n_ouvre_rien(en_tant_que, dossier):
    ailleurs = en_tant_que(DossierFactory()).habilitation

    with pytest.raises(Dossier.DoesNotExist):
        commencer(ailleurs, dossier)


# ---------------------------------------------------------------- the GIR of the record


def test_un_aggir_valide_donne_son_gir_au_dossier_avec_son_histoire(qui, dossier):
    e = commencer(qui("MEDCO"), dossier, "aggir", HUIT_C, valider=True)
    dossier.refresh_from_db()

    assert (dossier.gir, dossier.gir_le) == (1, timezone.localdate(e.faite_le))
    assert dossier.history.first().history_user == e.validee_par


def test_un_brouillon_ne_touche_pas_le_gir(qui, dossier):
    dossier.gir, dossier.gir_le = 4, timezone.localdate() - timedelta(days=300)
    dossier.save()

    commencer(qui("MEDCO"), dossier, "aggir", HUIT_C)
    dossier.refresh_from_db()

    assert dossier.gir == 4


def test_une_evaluation_saisie_en_retard_ne_defait_pas_un_gir_plus_recent(qui, dossier):
    h = qui("MEDCO")
    commencer(h, dossier, "aggir", HUIT_A, valider=True)

    ancienne = timezone.now() - timedelta(days=40)
    commencer(h, dossier, "aggir", HUIT_C, valider=True, faite_le=ancienne)
    dossier.refresh_from_db()

    assert dossier.gir == 6


def test_corriger_la_date_d_un_aggir_retire_le_gir_qu_il_avait_donne(qui, dossier):
    h = qui("MEDCO")
    avant = timezone.now() - timedelta(days=30)
    commencer(h, dossier, "aggir", HUIT_A, valider=True, faite_le=avant)
    fausse = commencer(h, dossier, "aggir", HUIT_C, valider=True)

    corriger(h, fausse, reponses=HUIT_C, faite_le=avant - timedelta(days=1))
    dossier.refresh_from_db()

    assert (dossier.gir, dossier.gir_le) == (6, timezone.localdate(avant))


# ---------------------------------------------------------------- corrections


def corriger(h, e, **saisie):
    saisie = {
        "version_lue": e.version,
        "motif": "Erreur de cotation.",
        "cle_saisie": uuid.uuid4(),
        "reponses": COMPLET,
        "faite_le": e.faite_le,
    } | saisie
    return services.corriger(h, e.pk, e.dossier, **saisie)


def test_une_correction_est_une_nouvelle_version(qui, dossier):
    h = qui()
    e = commencer(h, dossier, valider=True)

    nouvelle = corriger(h, e, reponses=COMPLET | {"visage": "non"})
    e.refresh_from_db()

    assert (e.courante, e.score, nouvelle.score) == (False, 2, 1)
    assert (nouvelle.version, nouvelle.remplace) == (2, e)
    assert list(Evaluation.objects.en_vigueur()) == [nouvelle]


def test_une_correction_dit_pourquoi_et_se_fait_une_fois(qui, dossier):
    h = qui()
    e = commencer(h, dossier, valider=True)
    with pytest.raises(ValidationError, match="pourquoi"):
        corriger(h, e, motif="  ")
    cle = uuid.uuid4()
    nouvelle = corriger(h, e, cle_saisie=cle)

    assert corriger(h, e, cle_saisie=cle) == nouvelle
    with pytest.raises(ConflitDeVersion):
        corriger(h, e)


def test_seul_l_auteur_ou_un_valideur_corrige(qui, dossier):
    e = commencer(qui(), dossier, valider=True)
    with pytest.raises(PermissionDenied):
        corriger(qui("IDEC"), e)

    assert corriger(qui("MEDCO"), e).version == 2


# ---------------------------------------------------------------- what the database refuses


def test_la_base_fige_une_evaluation_validee():
    e = EvaluationFactory()
    for geste in (
        lambda: Evaluation.objects.filter(pk=e.pk).update_sans_historique(motif="x", score=6),
        e.delete,
        lambda: Evaluation.objects.filter(pk=e.pk).update_sans_historique(
            motif="x", etat="brouillon", validee_le=None, validee_par=None
        ),
    ):
        with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
            geste()


def test_la_base_laisse_vivre_un_brouillon():
    e = EvaluationFactory(brouillon=True)

    assert Evaluation.objects.filter(pk=e.pk).update_sans_historique(motif="x", commentaire="a")
    assert e.delete()[0] == 1


def test_la_base_refuse_une_validation_sans_nom():
    with pytest.raises(DatabaseError, match="validee_par_quelqu_un"), transaction.atomic():
        EvaluationFactory(validee_par=None)


# ---------------------------------------------------------------- PATHOS and its table


def test_la_table_importee_refuse_un_couple_hors_d_elle(qui, dossier, tmp_path):
    h, couple = qui("MEDCO"), {"1.etat": "13", "1.profil": "R1"}
    sans = commencer(h, dossier, "pathos", couple)
    assert "non vérifiés" in sans.resultat["mention"]
    fichier = tmp_path / "table.csv"
    fichier.write_text(TABLE, encoding="utf-8")
    call_command("importer_pathos", fichier, stdout=StringIO())

    with pytest.raises(services.ReponsesInvalides) as refus:
        commencer(h, dossier, "pathos", couple)
    permis = commencer(h, dossier, "pathos", {"1.etat": "13", "1.profil": "T2"}, valider=True)

    assert "1.profil" in refus.value.fautes
    assert (permis.score, permis.resultat["mention"]) == (None, "")


def test_une_table_fausse_ne_remplace_rien(tmp_path, db):
    fichier = tmp_path / "table.csv"
    fichier.write_text("numero;libelle\n1;x\n", encoding="utf-8")
    with pytest.raises(CommandError, match="colonnes absentes"):
        call_command("importer_pathos", fichier)
    fichier.write_bytes("numéro".encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("importer_pathos", fichier)
    with pytest.raises(CommandError, match="rien"):
        call_command("importer_pathos", tmp_path / "rien.csv")
