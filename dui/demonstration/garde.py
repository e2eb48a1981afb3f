"""Invented data and one-click sign-in never exist on a real installation."""

from django.core.exceptions import ImproperlyConfigured

from dui.environnement import envstr

AUTORISES = {"demo", "dev", "test"}


def en_demonstration() -> bool:
    return envstr("DUI_ENV", "production") in AUTORISES


def refuser_hors_demonstration() -> None:
    if not en_demonstration():
        raise ImproperlyConfigured(
            "La démonstration n’existe que lorsque DUI_ENV vaut demo, dev ou test."
        )
