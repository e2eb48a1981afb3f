import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dui.settings")
os.environ.setdefault("DUI_PROCESSUS", "web")

application = get_wsgi_application()
