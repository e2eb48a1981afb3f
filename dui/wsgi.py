import os
from importlib import import_module
from threading import Thread

from django.core.wsgi import get_wsgi_application

from dui import memoire
from dui.codages import SansCodageInconnu

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
os.environ.setdefault("DUI_PROCESSUS", "web")

application = SansCodageInconnu(get_wsgi_application())


def prechauffer():
    """Half of the time of a first emergency sheet is this import: nobody shall wait for it."""
    import_module("weasyprint")
    import_module("dui.urls")
    memoire.figer()


Thread(target=prechauffer, daemon=True).start()
