from celery import shared_task
from django.conf import settings


# Acknowledged at once and given hours: a delivery that comes back would ask everything twice.
@shared_task(acks_late=False, time_limit=2 * 3600, ignore_result=True)
def actualiser():
    """Twice a day, where a key is configured."""
    if settings.ANNUAIRE_OUVERT:
        from dui.socle.annuaire import actualisation

        actualisation.actualiser()


@shared_task(ignore_result=True)
def relever_les_ecarts():
    """Each night, on the local copy: nothing is asked outside."""
    from dui.socle.annuaire import ecarts

    ecarts.relever()
