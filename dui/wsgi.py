import gc
import os
from importlib import import_module
from threading import Thread

from django.core.wsgi import get_wsgi_application

from dui.codages import SansCodageInconnu

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
os.environ.setdefault("DUI_PROCESSUS", "web")

application = SansCodageInconnu(get_wsgi_application())


def prechauffer():
    """Half of the time of a first emergency sheet is this import: not while somebody waits for it.
    Then what lives as long as the process leaves the garbage collector: a full pass over it
    stopped a page for 110 ms. The thresholds make its other passes short rather than rare."""
    import_module("weasyprint")
    import_module("dui.urls")
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 20)


Thread(target=prechauffer, daemon=True).start()
