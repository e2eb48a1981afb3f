"""The tests: throw-away servers lent by dui/pytest_embedded.py, or those of the environment."""

from dui.environnement import envstr
from dui.settings.base import *
from dui.settings.local import HOTES, cles_documents

INSTALLED_APPS = ["django_linear_migrations", *INSTALLED_APPS, "dui.demonstration"]
SECRET_KEY = "tests-seulement-jamais-en-production-0123456789abcdef"  # noqa: S105
DEMONSTRATION = True
ALLOWED_HOSTS = ["testserver", *HOTES]
# Without a pool: pytest-django closes and deletes databases.
DATABASES = {"default": base_de_donnees(envstr("DATABASE_URL", "postgresql:///dui"), reserve=False)}
CELERY_BROKER_URL = DEBITS_URL = envstr("REDIS_URL", "redis://127.0.0.1:6379/0")
DEBITS = {}  # a test that wants limits sets them; the others ask as often as they like
CLES_DOCUMENTS = cles_documents("tests")
CLE_DOCUMENTS_COURANTE = "k1"
CLE_JOURNAL = b"cle-du-journal-des-tests-01234567"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
LOGGING["root"]["level"] = "WARNING"
