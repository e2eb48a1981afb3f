from django import forms
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)

from habilitations.models import Role
from habilitations.moyens.regles import code_trivial

DIFFERENTS = "Les deux saisies diffèrent."


def secret(libelle: str, autocomplete: str, *, autofocus=False, **options) -> forms.CharField:
    attributs = {"autocomplete": autocomplete} | ({"autofocus": True} if autofocus else {})
    champ = forms.PasswordInput(attrs=attributs)
    return forms.CharField(label=libelle, max_length=500, strip=False, widget=champ, **options)


class PreuveForm(forms.Form):
    """Asks again for what this account can give: see preuves.donnee."""

    mot_de_passe = secret("Votre mot de passe", "current-password", required=False)
    reponse = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, compte, **kwargs):
        super().__init__(*args, **kwargs)
        self.a_un_mot_de_passe = compte.has_usable_password()
        self.a_une_cle = compte.cles.exists()
        if not self.a_un_mot_de_passe:
            del self.fields["mot_de_passe"]


class ConfirmerForm(PreuveForm):
    mot_de_passe = secret("Votre mot de passe", "current-password", required=False, autofocus=True)


class MotDePasseForm(PreuveForm):
    mot_de_passe = secret("Mot de passe actuel", "current-password", required=False)
    nouveau = secret("Nouveau mot de passe", "new-password", autofocus=True)
    encore = secret("Le nouveau, une seconde fois", "new-password")

    field_order = ("nouveau", "encore", "mot_de_passe")

    def __init__(self, *args, compte, **kwargs):
        super().__init__(*args, compte=compte, **kwargs)
        self.compte = compte
        self.fields["nouveau"].help_text = " ".join(password_validators_help_texts())

    def clean_nouveau(self):
        validate_password(self.cleaned_data["nouveau"], self.compte)
        return self.cleaned_data["nouveau"]

    def clean(self):
        champs = super().clean()
        if champs.get("nouveau") and champs["nouveau"] != champs.get("encore"):
            self.add_error("encore", DIFFERENTS)
        return champs


def chiffres(libelle: str, **options) -> forms.RegexField:
    """`one-time-code` would call the telephone: this code is kept in mind, by nobody else."""
    attributs = {"autocomplete": "off", "inputmode": "numeric", **options.pop("attrs", {})}
    return forms.RegexField(
        r"^[0-9]{6,12}$",
        label=libelle,
        max_length=12,
        error_messages={"invalid": "Le code compte 6 à 12 chiffres."},
        widget=forms.PasswordInput(attrs=attributs),
        **options,
    )


class CodePersonnelForm(forms.Form):
    code = chiffres("Votre code personnel", attrs={"autofocus": True})

    def __init__(self, *args, vise=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not vise:  # the password beside it has just been refused
            del self.fields["code"].widget.attrs["autofocus"]


class ChoisirCodeForm(forms.Form):
    code = chiffres("Nouveau code personnel", help_text="6 à 12 chiffres, connus de vous seul")
    encore = chiffres("Le code, une seconde fois")

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code_trivial(code):
            raise forms.ValidationError(
                "Ce code se devine : évitez les suites, les répétitions et les miroirs."
            )
        return code

    def clean(self):
        champs = super().clean()
        if champs.get("code") and champs["code"] != champs.get("encore"):
            self.add_error("encore", DIFFERENTS)
        return champs


class CodeDeSecoursForm(forms.Form):
    code = forms.CharField(
        label="Code de secours",
        max_length=20,
        help_text="dix lettres et chiffres",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class CleForm(forms.Form):
    nom = forms.CharField(
        label="Nom de cette clé", max_length=60, help_text="par exemple « Téléphone » ou « Badge »"
    )
    reponse = forms.CharField(widget=forms.HiddenInput, required=False)


class DelaiField(forms.TypedChoiceField):
    """Minutes, or nothing: what it offers stays between the two bounds of the model."""

    CHOIX = (2, 5, 10, 15, 20, 30, 45, 60, 90, 120)

    def __init__(self, *, vide: str, **options):
        choix = [("", vide), *((n, f"{n} minutes") for n in self.CHOIX)]
        super().__init__(choices=choix, coerce=int, empty_value=None, required=False, **options)


class PosteForm(forms.Form):
    nom = forms.CharField(
        label="Nom du poste", max_length=60, help_text="par exemple « Salle de soins, 1er étage »"
    )
    delai_minutes = DelaiField(
        label="Verrouiller ce poste après", vide="comme l’établissement", help_text="sans geste"
    )


class EnrolementForm(PosteForm):
    """`etablissements`, `unites`: those that the account supervises."""

    lieu = forms.ChoiceField(label="Unité")

    field_order = ("lieu", "nom", "delai_minutes")

    def __init__(self, *args, etablissements, unites, **kwargs):
        super().__init__(*args, **kwargs)
        parmi = {f"u{u.pk}": (u.etablissement, u) for u in unites.select_related("etablissement")}
        self._lieux = {f"e{e.pk}": (e, None) for e in etablissements} | parmi
        self.fields["lieu"].choices = [
            (cle, f"{e} — {u}" if u else f"{e}, toutes les unités")
            for cle, (e, u) in self._lieux.items()
        ]

    @property
    def lieu_choisi(self) -> tuple:
        return self._lieux[self.cleaned_data["lieu"]]


class DelaiForm(forms.Form):
    etablissement = forms.ModelChoiceField(None, label="Établissement", empty_label=None)
    role = forms.ModelChoiceField(
        Role.objects.filter(acteur=Role.Acteur.PROFESSIONNEL),
        label="Rôle",
        empty_label="tous les rôles",
        required=False,
    )
    minutes = DelaiField(label="Verrouiller après", vide="sans règle particulière")

    def __init__(self, *args, etablissements, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["etablissement"].queryset = etablissements
