from dui.socle.models import Dossier
from habilitations.politique import Habilitation


class PolitiqueBackend:
    """`user.has_perm("TRA.saisir", dossier)` answers by the same rule as the views."""

    def authenticate(self, request, **identifiants):
        return None

    def has_perm(self, compte, perm, obj=None):
        if not isinstance(obj, Dossier):
            return False
        bloc, action = perm.split(".", 1)
        dossiers = Dossier.objects.visibles(Habilitation(compte), bloc, action)
        return dossiers.filter(pk=obj.pk).exists()
