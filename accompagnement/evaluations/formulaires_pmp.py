from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from dui.socle import champs


class DateForm(forms.Form):
    le = champs.jour("À la date du", initial=timezone.localdate)

    def clean_le(self):
        if self.cleaned_data["le"] > timezone.localdate():
            raise ValidationError("Cette date est dans le futur.")
        return self.cleaned_data["le"]


class PmpForm(forms.Form):
    etablissement = forms.ModelChoiceField(label="Établissement", queryset=None, empty_label=None)
    valeur = champs.Nombre(
        label="PMP validé",
        max_digits=6,
        decimal_places=2,
        min_value=1,
        localize=True,
        help_text="La valeur du procès-verbal de validation : elle ne se calcule pas ici.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "entree--court"}),
    )
    coupe_le = champs.jour("Coupe du")
    valide_le = champs.jour("Validé le")
    medecin = forms.CharField(
        label="Médecin valideur",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, maisons, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["etablissement"].queryset = maisons
