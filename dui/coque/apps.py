from django.apps import AppConfig


class CoqueConfig(AppConfig):
    name = "dui.coque"
    label = "coque"

    def ready(self):
        from dui.coque import registre

        registre.enregistrer()
