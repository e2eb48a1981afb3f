"""One environment, named by DUI_ENV: production (the default), demo, dev or test."""

from django.core.exceptions import ImproperlyConfigured

from dui.environnement import envstr

ENVIRONNEMENT = envstr("DUI_ENV", "production")

match ENVIRONNEMENT:
    case "production":
        from dui.settings.production import *
    case "demo":
        from dui.settings.demo import *
    case "dev":
        from dui.settings.dev import *
    case "test":
        from dui.settings.test import *
    case _:
        raise ImproperlyConfigured(
            f"DUI_ENV vaut « {ENVIRONNEMENT} » : production, demo, dev ou test attendu"
        )
