from django.contrib.auth.backends import ModelBackend

from dui.socle.models import Dossier
from habilitations import tenues
from habilitations.politique import Habilitation


class CompteBackend(ModelBackend):
    """The account of a session comes with its affectations."""

    def get_user(self, user_id):
        compte = tenues.compte(user_id)
        if compte is not None:
            return compte if self.user_can_authenticate(compte) else None
        if compte := super().get_user(user_id):  # a portal account, a replacement that has ended
            compte.tenues = []
        return compte


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
