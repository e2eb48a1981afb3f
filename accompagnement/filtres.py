from datetime import datetime, time

from django import forms
from django.utils import timezone

from accompagnement.models import Transmission
from dui.socle import codes


class FilForm(forms.Form):
    """Filters of the thread, by GET: the address of a filtered thread can be kept or sent."""

    cible = forms.ChoiceField(required=False)
    importance = forms.ChoiceField(
        required=False, choices=[("", "Toutes"), ("importantes", "Importantes")]
    )
    du = forms.DateField(required=False)
    au = forms.DateField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cible"].choices = [("", "Toutes"), *codes.choix("cible_transmission")]

    def filtrer(self, requete):
        if not self.is_valid():
            return requete
        choisi = self.cleaned_data
        if choisi["cible"]:
            requete = requete.filter(cible=choisi["cible"])
        if choisi["importance"]:
            requete = requete.exclude(importance=Transmission.Importance.COURANTE)
        if choisi["du"]:
            requete = requete.filter(survenu_le__gte=_instant(choisi["du"], time.min))
        if choisi["au"]:
            requete = requete.filter(survenu_le__lte=_instant(choisi["au"], time.max))
        return requete

    @property
    def actifs(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


def _instant(jour, heure):
    return timezone.make_aware(datetime.combine(jour, heure))
