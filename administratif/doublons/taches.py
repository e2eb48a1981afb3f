"""The search, every night and when somebody asks; every minute, what another door than a page
wrote on a merged record."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import OperationalError, transaction
from django.utils import timezone

from administratif.doublons import detection
from dui.socle import fusion
from dui.socle.models import Dossier, Fusion, Organisme
from habilitations.politique import Habilitation

SUIVI = timedelta(days=1)  # no task that began before a merge lasts longer
logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def chercher():
    for organisme in Organisme.objects.order_by("pk"):
        detection.chercher(organisme)


@shared_task(ignore_result=True)
def rattraper():
    """A task that began before a merge and wrote after it: its rows follow the others."""
    alias = Dossier.objects.fusionnes().values("pk")
    recentes = Fusion.objects.en_vigueur().filter(decide_le__gte=timezone.now() - SUIVI)
    for faite in recentes.filter(absorbe__in=alias).order_by("decide_le"):
        try:
            with transaction.atomic():
                _rattraper(faite)
        except OperationalError as erreur:  # somebody writes there: in a minute
            if not isinstance(erreur.__cause__, fusion.TENU_AILLEURS):
                raise


def _rattraper(faite) -> None:
    tenus = fusion.tenir(faite.retenu_id, faite.absorbe_id)
    retenu, absorbe = tenus[faite.retenu_id], tenus[faite.absorbe_id]
    if absorbe.fusionne_dans_id is None:
        return
    passage = fusion.Passage(Habilitation(faite.decide_par), faite, retenu, absorbe)
    if deplacees := fusion.rattraper(passage):
        logger.info("fusion : %s déplacements rattrapés", deplacees)
