from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "dui.demonstration"
    label = "demonstration"
    verbose_name = "démonstration"
