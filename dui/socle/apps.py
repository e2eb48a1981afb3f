from django.apps import AppConfig
from django.db.models.signals import post_migrate


def amorcer(**kwargs):
    """Also after a flush, so that a test that empties the tables finds the code lists again."""
    from dui.socle import codes, nomenclatures_fichiers

    nomenclatures_fichiers.charger_toutes()
    codes.oublier()


class SocleConfig(AppConfig):
    name = "dui.socle"
    label = "socle"
    verbose_name = "Socle"

    def ready(self):
        import dui.socle.annuaire.taches  # noqa: F401  the worker looks for tasks in apps only

        post_migrate.connect(amorcer, sender=self)
