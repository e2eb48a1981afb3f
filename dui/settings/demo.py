"""`./run demo`: invented persons, public keys, this machine only."""

from dui.environnement import envstr
from dui.settings.base import *
from dui.settings.local import HOTES, cles_documents, refuser_la_production

refuser_la_production()

INSTALLED_APPS = [*INSTALLED_APPS, "dui.demonstration"]
SECRET_KEY = "demonstration-seulement-jamais-en-production-0123456789"  # noqa: S105
DEMONSTRATION = True
ALLOWED_HOSTS = HOTES
DATABASES = {
    "default": base_de_donnees(
        envstr("DATABASE_URL", "postgresql:///dui"), reserve=PROCESSUS == "web"
    )
}
CELERY_BROKER_URL = DEBITS_URL = envstr("REDIS_URL", "redis://127.0.0.1:6379/0")
CLES_DOCUMENTS = cles_documents("demonstration")
CLE_DOCUMENTS_COURANTE = "k1"
CLE_JOURNAL = b"cle-du-journal-de-demonstration-"
LOGGING["formatters"]["json"] = {"()": "dui.traces.FormatConsole"}
LOGGING["root"]["level"] = "WARNING"
# The demo says itself which server is being started again.
LOGGING["loggers"] |= {
    "psycopg.pool": {"level": "ERROR"},
    "celery.worker.consumer": {"level": "CRITICAL"},
}
