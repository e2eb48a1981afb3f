from django.apps import AppConfig


class SoinsConfig(AppConfig):
    name = "soins"
    verbose_name = "Soins"

    def ready(self):
        from soins import registre

        registre.enregistrer()
