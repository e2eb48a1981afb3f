from django import forms


class IdentifiantForm(forms.Form):
    identifiant = forms.CharField(
        label="Identifiant",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label="Code à 6 chiffres",
        max_length=12,
        error_messages={"invalid": "Le code compte 6 chiffres."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )

    def clean_code(self):
        return "".join(c for c in self.cleaned_data["code"] if c.isdigit())


class DeverrouillageForm(forms.Form):
    mot_de_passe = forms.CharField(
        label="Votre mot de passe",
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
