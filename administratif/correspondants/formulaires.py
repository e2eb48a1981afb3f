from django import forms
from django.utils import timezone

from administratif.forms import motif
from dui.socle import codes
from dui.socle.champs import jour


class CorrespondantForm(forms.Form):
    choix = forms.CharField(
        label="Professionnel ou structure",
        max_length=460,
        widget=forms.RadioSelect,  # drawn by the directory: its lines, not a list of choices
        error_messages={"required": "Cherchez, puis choisissez une ligne de l’annuaire."},
    )
    role = forms.ChoiceField(label="Rôle auprès de la personne")
    debut = jour("Depuis le", initial=timezone.localdate)
    commentaire = forms.CharField(label="À savoir", max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Choisir…"), *codes.choix("role_correspondant")]


class FinForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    fin = jour("Dernier jour", initial=timezone.localdate)
    motif = motif()
