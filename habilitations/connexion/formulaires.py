from django import forms

# A telephone neither corrects an identifier nor gives it a capital.
TEL_QUEL = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


def identifiant() -> forms.CharField:
    attributs = {"autocomplete": "username", "autofocus": True} | TEL_QUEL
    return forms.CharField(
        label="Identifiant", max_length=150, widget=forms.TextInput(attrs=attributs)
    )


def viser(formulaire, nom: str) -> None:
    """The one field that takes the focus."""
    for champ in formulaire.fields.values():
        champ.widget.attrs.pop("autofocus", None)
    formulaire.fields[nom].widget.attrs["autofocus"] = True


class IdentifiantForm(forms.Form):
    identifiant = identifiant()
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.data.get("identifiant"):  # refused: the password is what is typed again
            viser(self, "mot_de_passe")


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
