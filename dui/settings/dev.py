"""The demo with DEBUG, files served as they are, and the migration tools."""

from dui.settings.demo import *

DEBUG = True
INSTALLED_APPS = ["django_linear_migrations", *INSTALLED_APPS]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
LOGGING["root"]["level"] = "INFO"
