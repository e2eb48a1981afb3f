"""Deux connexions à la fois : un verrou ne retient jamais ce qui se réfère à la ligne."""

import threading

import pytest
from django.db import connections, transaction

from dui.socle.models import Brouillon, Compte
from habilitations.models import Interdiction
from habilitations.oppositions import services as oppositions
from habilitations.politique import Habilitation
from tests.habilitations.factories import AffectationFactory
from tests.socle.factories import DossierFactory

pytestmark = pytest.mark.django_db(transaction=True)


def compte_de(dossier, role="IDEC", portee="etablissement") -> Compte:
    maison = dossier.sejours.get().etablissement
    return AffectationFactory(role=role, portee=portee, etablissement=maison).compte


def ailleurs(geste):
    """Ce geste, sur une autre connexion, pendant que la nôtre tient sa transaction ouverte."""
    sorties = []

    def courir():
        try:
            with connections["default"].cursor() as curseur:
                curseur.execute("SET lock_timeout = '3s'")
            sorties.append(geste())
        finally:
            connections.close_all()

    fil = threading.Thread(target=courir)
    fil.start()
    fil.join(30)
    return sorties


def test_le_brouillon_se_garde_pendant_que_l_opposition_s_enregistre():
    dossier = DossierFactory()
    auteur, vise = compte_de(dossier), compte_de(dossier, "AS")
    choix = {"compte": vise, "blocs": [], "origine": "personne", "motif": "Refuse."}

    def garder():
        return Brouillon.objects.create(
            compte=auteur, dossier=dossier, formulaire="opposer", saisies={}, chemin="/"
        )

    with transaction.atomic():
        oppositions.interdire(Habilitation(auteur), dossier, **choix)
        assert ailleurs(garder)
    assert Interdiction.objects.count() == Brouillon.objects.count() == 1
