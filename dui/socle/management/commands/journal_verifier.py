from django.core.management.base import BaseCommand, CommandError

from dui.socle import journal
from dui.socle.models import Scellement


class Command(BaseCommand):
    help = "Vérifie la chaîne du journal d’accès ; code de sortie 1 à la première rupture."

    def handle(self, **options):
        while journal.sceller():
            pass
        if rupture := journal.premiere_rupture():
            raise CommandError(
                f"Rupture : les entrées {rupture.premier} à {rupture.dernier}, scellées le "
                f"{rupture.scelle_le:%d/%m/%Y à %H:%M}, ne correspondent plus à leur sceau."
            )
        nombre = Scellement.objects.count()
        self.stdout.write(f"Journal intact : {nombre} sceau(x) vérifié(s).")
