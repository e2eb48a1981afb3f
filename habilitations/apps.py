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
        from habilitations import registre

        registre.enregistrer()
        post_migrate.connect(amorcer, sender=self)
