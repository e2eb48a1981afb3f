from celery import shared_task

from admission import services


@shared_task(acks_late=True, ignore_result=True, time_limit=3600)
def executer(importation_id):
    """Delivered twice (a worker that died), it runs once: see services.avancement."""
    services.executer(importation_id)
