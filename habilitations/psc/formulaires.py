from django import forms

RPPS = 11  # figures; nationally, an 8 comes before them


class ECPSForm(forms.Form):
    identifiant = forms.RegexField(
        r"^\s*[0-9][0-9A-Za-z /.-]{8,48}\s*$",
        label="Numéro RPPS ou identifiant national",
        max_length=50,
        help_text="Tel qu’il figure sur votre carte CPS : 11 chiffres pour un numéro RPPS.",
        error_messages={"invalid": "Écrivez les 11 chiffres du RPPS, ou l’identifiant national."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_identifiant(self):
        compact = self.cleaned_data["identifiant"].replace(" ", "")
        return f"8{compact}" if compact.isdigit() and len(compact) == RPPS else compact


class PratiqueForm(forms.Form):
    pratique = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args, nombre: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pratique"].choices = [(rang, rang) for rang in range(nombre)]
