from django.apps import AppConfig


class AdministratifConfig(AppConfig):
    name = "administratif"
    verbose_name = "Administratif"

    def ready(self):
        import administratif.doublons.taches  # noqa: F401  the worker looks for tasks in apps only
        from administratif import registre
        from administratif.cellule import entrees
        from administratif.insi import lots  # noqa: F401 — registers what the outbox sends

        registre.enregistrer()
        entrees.enregistrer()
