from datetime import timedelta

import pytest
from django.utils import timezone

from tests.accompagnement.factories import TransmissionFactory
from tests.accompagnement.reserves.outils import OUVERTE, SECRET
from tests.socle.factories import DossierFactory


@pytest.fixture
def dossier():
    return DossierFactory()


@pytest.fixture
def note(dossier):
    """Importante, la plus récente : elle serait de toutes les listes."""
    hier = timezone.now() - timedelta(hours=20)
    TransmissionFactory(dossier=dossier, donnees=OUVERTE, survenu_le=hier)
    return TransmissionFactory(
        dossier=dossier, donnees=SECRET, importante=True, reserve="psychologues"
    )


@pytest.fixture
def psychologue(en_tant_que, dossier):
    return en_tant_que(dossier, role="PSYCHOLOGUE")
