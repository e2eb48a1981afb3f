from django.apps import AppConfig


class AccompagnementConfig(AppConfig):
    name = "accompagnement"
    verbose_name = "Accompagnement"

    def ready(self):
        import accompagnement.presences.taches  # noqa: F401  the worker looks for tasks in apps only
        from accompagnement import registre

        registre.enregistrer()
