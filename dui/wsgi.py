import os
from importlib import import_module
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
os.environ.setdefault("DUI_PROCESSUS", "web")

application = get_wsgi_application()

# Half of the time of a first emergency sheet is this import: not while somebody waits for it.
Thread(target=import_module, args=("weasyprint",), daemon=True).start()
