from celery import shared_task
from django.conf import settings


@shared_task(ignore_result=True)
def renouveler():
    """Every minute, where Pro Santé Connect is configured."""
    if settings.PSC_OUVERT:
        from habilitations.psc import sessions

        sessions.renouveler()
