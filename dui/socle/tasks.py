from celery import shared_task

from dui.socle import journal, sortants


@shared_task(acks_late=True, ignore_result=True)
def relever():
    sortants.relever()


@shared_task(ignore_result=True)
def sceller():
    while journal.sceller():
        pass
