from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from dui.socle.champs import jour


class OuvertureForm(forms.Form):
    accords = forms.MultipleChoiceField(
        label="Ce qui s’ouvre sur accord",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "La personne doit accepter au moins une partie."},
        help_text="La personne l’accepte partie par partie, ou la mesure de protection l’ouvre.",
    )
    fin = jour("Jusqu’au", required=False, help_text="Sans date : jusqu’à ce qu’on le ferme.")
    motif = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="Par exemple : demandé par la personne le 12 novembre, accord signé.",
    )
    identifiant = forms.CharField(
        label="A déjà un compte du portail",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Son identifiant, s’il suit déjà quelqu’un d’autre ; sinon, laissez vide.",
    )

    def __init__(self, *args, sur_accord=(), toujours=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accords"].choices = list(sur_accord)
        self.fields["accords"].required = not toujours

    def clean_fin(self):
        fin = self.cleaned_data["fin"]
        if fin and fin < timezone.localdate():
            raise ValidationError("Cette date est déjà passée.")
        return fin


class FermetureForm(forms.Form):
    motif = forms.CharField(label="Pourquoi le fermer ?", max_length=200)
