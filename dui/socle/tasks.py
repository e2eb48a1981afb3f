import logging

from celery import shared_task
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from dui.socle import ancres, journal, sortants
from dui.socle.verification import verifier

logger = logging.getLogger(__name__)


@shared_task(acks_late=True, ignore_result=True)
def relever():
    sortants.relever()


@shared_task(ignore_result=True)
def sceller():
    """Every minute; a long transaction on the journal only puts the next seal off."""
    try:
        while journal.sceller():
            pass
    except OperationalError as erreur:
        if not isinstance(erreur.__cause__, LockNotAvailable):
            raise
        logger.info("scellement remis : le journal est occupé")


@shared_task(ignore_result=True)
def ancrer():
    """Every night: the last seal goes outside the database."""
    ancres.ancrer()


# Acknowledged at once and given hours: a delivery that comes back would verify everything twice.
@shared_task(acks_late=False, time_limit=4 * 3600, ignore_result=True)
def verifier_le_journal():
    """Every night, after the anchor. An error of this logger is an alert to somebody."""
    constat = verifier(avec_ancres=True)
    if constat.rupture:
        logger.error("journal d’accès : %s", constat)
