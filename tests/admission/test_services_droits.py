"""Qui importe, ce qui est refusé, ce qui s’annule et ce qui s’oublie."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from admission import services
from admission.importation.refus import FichierRefuse
from admission.models import Importation
from admission.services import avancement
from admission.tasks import executer
from dui.socle.models import (
    Dossier,
    Unite,
    Usager,
)
from habilitations.models import Affectation
from tests.admission.conftest import Secretariat
from tests.admission.fichiers import csv, residents
from tests.admission.listes import HENRI, MARIE, liste
from tests.socle.factories import (
    EtablissementFactory,
)


def test_qui_n_a_pas_le_droit_de_saisir_n_importe_pas(secretariat):
    autre = Secretariat(EtablissementFactory())
    with pytest.raises(PermissionDenied):
        services.deposer_fichier(
            autre.habilitation, etablissement=secretariat.etablissement, flux=liste(MARIE), nom="x"
        )
    importation = secretariat.deposer(liste(MARIE))
    with pytest.raises(Importation.DoesNotExist):
        services.annuler(autre.habilitation, importation.pk)


def test_un_droit_retire_avant_l_execution_arrete_l_import(secretariat):
    importation = secretariat.deposer(liste(MARIE))
    h = secretariat.habilitation
    services.choisir_correspondance(h, importation.pk, colonnes_choisies=importation.colonnes)
    services.demander_import(h, importation.pk, en_file=False)
    Affectation.objects.get().delete()
    services.executer(importation.pk)
    importation.refresh_from_db()
    assert (importation.etat, Usager.objects.count()) == ("echouee", 0)
    assert "retiré" in importation.motif


def test_un_fichier_refuse_n_est_pas_garde(secretariat, settings):
    with pytest.raises(FichierRefuse):
        secretariat.deposer(csv([["Nom"], ["DURAND"]]))
    assert not Importation.objects.exists()
    assert not any(f.is_file() for f in Path(settings.MEDIA_ROOT).rglob("*"))


def test_une_correspondance_incomplete_est_refusee(secretariat):
    importation = secretariat.deposer(liste(MARIE))
    with pytest.raises(ValidationError, match="Date de naissance"):
        services.choisir_correspondance(
            secretariat.habilitation, importation.pk, colonnes_choisies={0: "nom_naissance"}
        )


def test_un_import_en_attente_s_annule_et_ne_s_execute_plus(secretariat):
    importation = secretariat.deposer(liste(MARIE))
    h = secretariat.habilitation
    services.choisir_correspondance(h, importation.pk, colonnes_choisies=importation.colonnes)
    services.demander_import(h, importation.pk, en_file=False)
    services.annuler(h, importation.pk)
    services.executer(importation.pk)
    importation.refresh_from_db()
    assert (importation.etat, Usager.objects.count()) == ("annulee", 0)


@pytest.mark.django_db(transaction=True)
def test_un_import_en_cours_montre_son_avancement_et_s_annule(secretariat, monkeypatch):
    """Les comptes se voient hors de la transaction de l'import, et l'annulation défait tout."""
    from admission.services import execution

    monkeypatch.setattr("admission.services.passage.LOT", 10)
    vus = []
    ecrire = execution.Ecriture.ecrire

    def ecrire_puis_annuler(self, decisions):
        ecrire(self, decisions)
        from django.db import connections

        autre = connections["default"].copy()
        with autre.cursor() as curseur:
            curseur.execute("SELECT faites, total FROM admission_importation")
            vus.append(curseur.fetchone())
            if len(vus) == 3:
                curseur.execute("UPDATE admission_importation SET annulation_demandee = true")
        autre.close()

    monkeypatch.setattr(execution.Ecriture, "ecrire", ecrire_puis_annuler)
    importation = secretariat.importer(csv(residents(50)), creer_lieux=True)
    assert vus == [(0, 50), (10, 50), (20, 50)]
    assert importation.etat == "annulee"
    assert not Usager.objects.exists() and not Unite.objects.exists()


def test_un_second_travailleur_laisse_la_place_au_premier(secretariat):
    importation = secretariat.deposer(liste(MARIE))
    with avancement.ouvrir(importation.pk) as premier:
        with avancement.ouvrir(importation.pk) as second:
            assert premier is not None and second is None
        with avancement.ouvrir(secretariat.etablissement.pk) as autre_import:
            assert autre_import is not None
    with avancement.ouvrir(importation.pk) as suivant:
        assert suivant is not None


def test_la_tache_n_emporte_que_l_identifiant(secretariat):
    importation = secretariat.deposer(liste(MARIE))
    h = secretariat.habilitation
    services.choisir_correspondance(h, importation.pk, colonnes_choisies=importation.colonnes)
    services.demander_import(h, importation.pk, en_file=False)
    executer.apply(args=[str(importation.pk)])
    assert Dossier.objects.count() == 1


def test_les_rejets_et_les_fichiers_anciens_s_oublient(secretariat):
    ancien = secretariat.simuler(liste(MARIE, MARIE))
    mois_dernier = timezone.now() - timedelta(days=31)
    Importation.objects.filter(pk=ancien.pk).update(deposee_le=mois_dernier)
    secretariat.deposer(liste(HENRI))
    ancien.refresh_from_db()
    assert (ancien.etat, ancien.chemin, ancien.rejets.count()) == ("annulee", "", 0)
