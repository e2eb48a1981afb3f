from uuid import UUID

from django import forms

from habilitations.equipe.lectures import LieuDonnable, lieux_donnables
from habilitations.lieux import Lieu
from habilitations.models import Role
from habilitations.simulation import lectures


class ChoixForm(forms.Form):
    """A role and a place, by GET: what is simulated stands in the address and nowhere else."""

    role: forms.Field = forms.ModelChoiceField(
        Role.objects.none(), label="Rôle", empty_label="Choisir un rôle"
    )
    lieu = forms.ChoiceField(label="Où")

    def __init__(self, *args, habilitation, ici: Lieu, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = lectures.roles()
        self.lieux: dict[str, LieuDonnable] = {
            lieu.valeur: lieu for lieu in lieux_donnables(habilitation)
        }
        self.fields["lieu"].choices = [(v, lieu.libelle) for v, lieu in self.lieux.items()]
        self.initial.setdefault("lieu", _valeur(ici))

    def clean_lieu(self) -> LieuDonnable:
        return self.lieux[self.cleaned_data["lieu"]]


def _valeur(ici: Lieu) -> str:
    lieu: tuple[UUID, UUID | None] | None = None
    if ici.etablissement:
        lieu = (ici.etablissement.pk, ici.unite.pk if ici.unite else None)
    return LieuDonnable("", *lieu).valeur if lieu else ""
