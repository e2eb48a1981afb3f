import logging

from celery import shared_task
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from dui.socle import journal, sortants

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
        logger.info("scellement remis : le journal est occupé")
