from django.apps import AppConfig


class AdministratifConfig(AppConfig):
    name = "administratif"
