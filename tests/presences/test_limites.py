"""Personne n’est absent deux fois à la fois, ni hors de son séjour, ni dans la maison d’à côté."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accompagnement import services
from accompagnement.models import Absence
from accompagnement.presences import services as presences
from tests.accompagnement.factories import AbsenceFactory
from tests.socle.factories import DossierFactory, SejourFactory

pytestmark = pytest.mark.django_db
JOUR, HEURE = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def h(en_tant_que, dossier):
    return en_tant_que(dossier).habilitation


def corriger(h, absence, **champs):
    lue = {n: getattr(absence, n) for n in ("motif", "lieu", "debut", "retour_prevu", "fin")}
    return presences.corriger_absence(
        h, absence.pk, absence.dossier, version_lue=1, pourquoi="Erreur", **lue | champs
    )


def test_une_absence_n_en_croise_pas_une_autre(h, dossier):
    maintenant = timezone.now()
    hier = AbsenceFactory(dossier=dossier, debut=maintenant - 2 * JOUR, fin=maintenant - JOUR)
    matin = maintenant - 5 * HEURE
    AbsenceFactory(dossier=dossier, debut=matin, fin=matin + 2 * HEURE)
    for fin in (matin + HEURE, None):
        with pytest.raises(ValidationError, match="Déjà une absence"):
            corriger(h, hier, fin=fin)
    with pytest.raises(ValidationError, match="Déjà une absence"):
        services.declarer_absence(h, dossier, motif="AH", debut=matin + HEURE)
    assert corriger(h, hier, fin=matin).fin == matin  # back, then gone again at once


def test_une_absence_tient_dans_son_sejour_et_ce_qui_est_annule_le_reste(h, dossier):
    demain, maintenant = timezone.localdate() + JOUR, timezone.now()
    dossier.sejours.update_sans_historique(motif="essai", sortie_le=demain)
    with pytest.raises(ValidationError, match="le séjour s’est terminé"):
        presences.noter_ensemble(
            h, [dossier], motif="AW", debut=maintenant + 3 * JOUR, fin=maintenant + 4 * JOUR
        )
    prevu = maintenant - 2 * JOUR
    annulee = AbsenceFactory(
        dossier=dossier, etat="annulee", debut=prevu, debut_prevu=prevu, retour_prevu=maintenant
    )
    with pytest.raises(ValidationError, match="a été annulé"):
        corriger(h, annulee, motif="AW")
    assert Absence.objects.get().motif == annulee.motif


def test_qui_vit_dans_deux_maisons_est_absent_de_celle_ou_l_on_travaille(h, dossier):
    ici, demain = dossier.sejours.get(), timezone.now() + JOUR
    ailleurs = SejourFactory(dossier=dossier, entree_le=timezone.localdate() - JOUR, place=None)
    partie = services.declarer_absence(h, dossier, motif="AH", debut=timezone.now())
    assert partie.sejour == ici
    quand = {"debut": demain, "fin": demain + JOUR}
    partie.delete()
    (prevue,) = presences.noter_ensemble(h, [dossier], motif="AW", **quand)
    assert prevue.sejour == ici
    (la_bas,) = presences.noter_ensemble(
        h, [dossier], motif="AW", maison=ailleurs.etablissement, **quand
    )
    assert la_bas.sejour == ailleurs


def test_l_activite_d_un_mois_a_venir_est_celle_de_ce_mois_ci(en_tant_que, dossier):
    directrice = en_tant_que(dossier, role="DIRECTEUR")
    ce_mois, loin = (directrice.get(f"/indicateurs/activite/{le}") for le in ("", "?le=2098-12-31"))
    assert ce_mois.context["titre_periode"] == loin.context["titre_periode"]
