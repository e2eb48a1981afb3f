from django.apps import AppConfig


class AdministratifConfig(AppConfig):
    name = "administratif"
    verbose_name = "Administratif"

    def ready(self):
        from administratif import registre
        from administratif.cellule import entrees

        registre.enregistrer()
        entrees.enregistrer()
