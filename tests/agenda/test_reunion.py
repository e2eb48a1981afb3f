"""Deux dossiers d’une même personne deviennent un, son agenda aussi ; puis se séparent."""

import pytest
from django.utils import timezone

from coordination.models import Domicile, Participation
from tests.agenda.factories import DomicileFactory, RendezVousFactory
from tests.doublons.factories import defusionner, dossier, fusionner
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_attendue_deux_fois_au_meme_rendez_vous_la_personne_ne_vient_qu_une_fois():
    retenu, absorbe = dossier(), dossier(nom_naissance="LE GOF")
    ensemble = RendezVousFactory(activite=True, dossiers=[retenu, absorbe])
    seul = RendezVousFactory(dossiers=[absorbe])
    noter(ensemble.participations.get(dossier=absorbe), "A chanté.")
    doublon, _ = fusionner(retenu, absorbe)
    gardee = Participation.objects.get(dossier=retenu, rendez_vous=ensemble)
    assert (gardee.presence, gardee.note) == ("presente", "A chanté.")
    assert seul.participations.get().dossier == retenu
    defusionner(doublon)
    gardee.refresh_from_db()
    assert (gardee.presence, gardee.note) == ("prevue", "")
    rendues = Participation.objects.filter(dossier=absorbe).values_list("rendez_vous", flat=True)
    assert set(rendues) == {ensemble.pk, seul.pk}


def noter(participation, note):
    participation.presence, participation.note = "presente", note
    participation.ecrite_le, participation.ecrite_par = timezone.now(), CompteFactory()
    participation.save()


@pytest.mark.parametrize("aussi", [True, False])
def test_le_domicile_du_dossier_garde_l_emporte_sinon_l_autre_le_suit(aussi):
    retenu, absorbe = dossier(), dossier(nom_naissance="LE GOF")
    DomicileFactory(dossier=absorbe, ville="Angers")
    if aussi:
        DomicileFactory(dossier=retenu)
    fusionner(retenu, absorbe)
    assert Domicile.objects.get(dossier=retenu).ville == ("Saumur" if aussi else "Angers")
