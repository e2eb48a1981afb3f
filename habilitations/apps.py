from django.apps import AppConfig
from django.db.models.signals import post_migrate


def amorcer(**kwargs):
    """Also after a flush, so that a test that empties the tables finds the matrix again."""
    from habilitations import matrice

    matrice.charger_si_vide()


class HabilitationsConfig(AppConfig):
    name = "habilitations"
    verbose_name = "Habilitations"

    def ready(self):
        import habilitations.psc.tasks  # noqa: F401  the worker looks for tasks in apps only
        from habilitations import fusions, registre
        from habilitations.bris import courriel  # noqa: F401  registers its sender
        from habilitations.journal import registre as journal

        registre.enregistrer()
        fusions.enregistrer()
        journal.enregistrer()
        post_migrate.connect(amorcer, sender=self)
