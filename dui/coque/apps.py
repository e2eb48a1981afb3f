from django.apps import AppConfig


class CoqueConfig(AppConfig):
    name = "dui.coque"
    label = "coque"
