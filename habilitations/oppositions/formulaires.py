from django import forms

from dui.socle.enums import Bloc
from habilitations.models import Interdiction


class OppositionForm(forms.Form):
    compte = forms.ChoiceField(label="À quel professionnel ?")
    origine = forms.ChoiceField(
        label="Qui le demande ?",
        choices=Interdiction.Origine,
        initial=Interdiction.Origine.PERSONNE,
        widget=forms.RadioSelect,
    )
    blocs = forms.MultipleChoiceField(
        label="Quelles parties ?",
        help_text="Sans rien cocher, tout le dossier se ferme à ce professionnel.",
        choices=Bloc,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    motif = forms.CharField(
        label="Ce que la personne a dit, ou le motif de la décision", max_length=200
    )

    def __init__(self, *args, professionnels, **kwargs):
        super().__init__(*args, **kwargs)
        self._comptes = {str(c.pk): c for c in professionnels}
        choix = [(cle, _nommer(c)) for cle, c in self._comptes.items()]
        self.fields["compte"].choices = [("", "Choisir…"), *choix]

    def clean_compte(self):
        return self._comptes[self.cleaned_data["compte"]]


def _nommer(compte) -> str:
    nom = f"{compte.last_name} {compte.first_name}".strip() or compte.username
    return ", ".join(filter(None, (nom, compte.fonction)))


class LeveeForm(forms.Form):
    motif = forms.CharField(label="Pourquoi la lever ?", max_length=100)
