"""Deux accueils créent la même personne au même instant : un dossier, et un conflit montré."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from admission.creation import services
from admission.services.numeros import OCCUPE, une_creation_a_la_fois
from dui.socle.models import Dossier, Usager
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.identite.test_creation import TRAITS
from tests.socle.factories import EtablissementFactory

pytestmark = [pytest.mark.django_db(transaction=True)]


def lancer(gestes):
    depart = Barrier(len(gestes))

    def faire(geste):
        try:
            depart.wait(10)
            return geste()
        except Exception as erreur:
            return erreur
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as executeur:
        return list(executeur.map(faire, gestes))


def creation(maison, **traits):
    h = Habilitation(AffectationFactory(role="SECRETAIRE", etablissement=maison).compte)
    return lambda: services.creer(h, maison, vus=set(), **TRAITS | traits)


def test_deux_creations_simultanees_de_la_meme_personne_donnent_un_dossier():
    maison = EtablissementFactory()
    ailleurs = EtablissementFactory()
    resultats = lancer([creation(maison), creation(ailleurs), creation(maison)])
    assert sum(isinstance(r, Dossier) for r in resultats) == 1
    conflits = [r for r in resultats if isinstance(r, services.IdentiteDejaLa)]
    assert len(conflits) == 2
    assert all(p.usager.nom_naissance == "LE GOFF" for c in conflits for p in c.proches)
    assert Usager.objects.count() == 1


def test_deux_personnes_differentes_creees_ensemble_ont_chacune_leur_numero():
    maison = EtablissementFactory()
    resultats = lancer(
        [creation(maison), creation(maison, nom_naissance="ABADIE", premier_prenom="ODETTE")]
    )
    assert all(isinstance(r, Dossier) for r in resultats), resultats
    assert len({r.numero for r in resultats}) == 2


def test_pendant_un_import_la_creation_dit_d_attendre_et_n_ecrit_rien():
    maison = EtablissementFactory()
    demande = creation(maison)
    tenu, fini = Event(), Event()

    def importer():
        with transaction.atomic():
            une_creation_a_la_fois(maison)
            tenu.set()
            fini.wait(30)

    def creer():
        tenu.wait(10)
        with connection.cursor() as curseur:
            curseur.execute("SET lock_timeout = '200ms'")
        try:
            return demande()
        finally:
            fini.set()

    _, refus = lancer([importer, creer])
    assert isinstance(refus, ValidationError) and refus.messages == [OCCUPE]
    assert not Usager.objects.exists()
