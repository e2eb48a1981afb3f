from django.contrib.auth.models import AbstractUser, _user_has_perm
from django.db import models


class Compte(AbstractUser):
    """Authentication only. Who the person is at work is a Professionnel; what they may do, an
    Affectation. A portal account has neither."""

    class Densite(models.TextChoices):
        COMPACTE = "", "Compacte (poste de soins)"
        AMPLE = "ample", "Ample (tablette)"

    class Theme(models.TextChoices):
        SYSTEME = "", "Comme le poste"
        CLAIR = "clair", "Clair"
        SOMBRE = "sombre", "Sombre"

    densite = models.CharField("densité", max_length=10, choices=Densite, blank=True, default="")
    theme = models.CharField("thème", max_length=10, choices=Theme, blank=True, default="")
    raccourcis_actifs = models.BooleanField("raccourcis clavier", default=True)

    # What it holds, when it was read together with it (habilitations/tenues.py).
    tenues: list | None = None
    # Known then: nothing of it waits to be resumed, and its pages need not count.
    sans_brouillon = False

    class Meta(AbstractUser.Meta):
        verbose_name = "compte"
        verbose_name_plural = "comptes"

    def __str__(self):
        return self.get_full_name() or self.username

    def has_perm(self, perm, obj=None):
        """On a record nobody is above the policy, not even a superuser."""
        return super().has_perm(perm) if obj is None else _user_has_perm(self, perm, obj)

    @property
    def nom_court(self) -> str:
        """Claire M."""
        return f"{self.first_name} {self.last_name[:1]}.".strip() if self.last_name else str(self)

    @property
    def signature(self) -> str:
        """C. Martin: how a line is signed in a thread."""
        return f"{self.first_name[:1]}. {self.last_name}" if self.first_name else self.last_name

    @property
    def initiales(self) -> str:
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper() or self.username[:2].upper()
