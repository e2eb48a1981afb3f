from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from dui.socle.champs import jour
from habilitations.connexion.formulaires import identifiant
from habilitations.equipe import lectures
from habilitations.equipe.activation import erreurs_du_mot_de_passe
from habilitations.equipe.regles import DUREE_PROPOSEE


class AffectationForm(forms.Form):
    """Role, place and dates: what one gives is bounded by the service, not by these lists."""

    role = forms.ModelChoiceField(None, label="Rôle", empty_label="Choisir un rôle")
    lieu = forms.ChoiceField(label="Lieu")
    debut = jour("Du")
    fin = jour("Au", help_text="L’accès se ferme seul ce soir-là.")
    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, habilitation, ici=None, **kwargs):
        super().__init__(*args, **kwargs)
        jour_ = timezone.localdate()
        self.fields["role"].queryset = lectures.roles_donnables(habilitation)
        self.fields["role"].error_messages["invalid_choice"] = "Vous ne pouvez pas donner ce rôle."
        lieux = lectures.lieux_donnables(habilitation)
        self.fields["lieu"].choices = [(lieu.valeur, lieu.libelle) for lieu in lieux]
        self.lieux = {lieu.valeur: (lieu.etablissement, lieu.unite) for lieu in lieux}
        self.initial = {
            "cle": uuid4(),
            "debut": jour_,
            "fin": jour_ + DUREE_PROPOSEE,
            "lieu": _valeur(ici),
        } | self.initial

    def clean_lieu(self) -> tuple[UUID, UUID | None]:
        return self.lieux[self.cleaned_data["lieu"]]

    @property
    def actes(self) -> dict:
        """What the service takes."""
        noms = ("cle", "role", "lieu", "debut", "fin")
        return {n: self.cleaned_data[n] for n in noms}


def _valeur(lieu) -> str:
    if lieu is None:
        return ""
    if lieu.unite:
        return f"unite:{lieu.unite.pk}"
    return f"etablissement:{lieu.etablissement.pk}" if lieu.etablissement else ""


class RemplacantForm(AffectationForm):
    prenom = forms.CharField(label="Prénom", max_length=100)
    nom = forms.CharField(label="Nom", max_length=100)
    autre_personne = forms.BooleanField(
        label="C’est une autre personne, qui porte le même nom", required=False
    )

    field_order = ["prenom", "nom", "role", "lieu", "debut", "fin"]

    def __init__(self, *args, habilitation, **kwargs):
        super().__init__(*args, habilitation=habilitation, **kwargs)
        self.habilitation = habilitation
        self.homonymes: list = []

    def clean(self):
        donnees = super().clean()
        noms = {n: donnees.get(n, "") for n in ("prenom", "nom")}
        deja = lectures.affectations(self.habilitation).filter(pk=donnees.get("cle"))
        if all(noms.values()) and not donnees.get("autre_personne") and not deja.exists():
            self.homonymes = list(lectures.homonymes(self.habilitation, **noms)[:5])
        if self.homonymes:
            raise forms.ValidationError(
                "Une personne de ce nom a déjà un compte : une personne, un seul compte."
            )
        return donnees


class DelegationForm(AffectationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fin"].required = False


class FinForm(forms.Form):
    fin = jour("Dernier jour", help_text="L’accès se ferme ce soir-là.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("fin", timezone.localdate())

    def clean_fin(self):
        fin = self.cleaned_data["fin"]
        if fin < timezone.localdate():
            raise forms.ValidationError("Ce jour est passé.")
        return fin


def _mot_de_passe(label, **options) -> forms.CharField:
    attributs = {"autocomplete": "new-password"}
    return forms.CharField(
        label=label,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs=attributs),
        **options,
    )


class ActivationForm(forms.Form):
    identifiant = identifiant()
    code = forms.CharField(
        label="Code d’activation",
        max_length=40,
        help_text="Quatre groupes de quatre signes, écrits sur votre feuille.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    mot_de_passe = _mot_de_passe(
        "Votre mot de passe",
        help_text="Au moins 15 signes : quatre mots sans rapport se retiennent bien.",
    )
    confirmation = _mot_de_passe("Encore une fois")

    def clean(self):
        donnees = super().clean()
        premier, second = donnees.get("mot_de_passe"), donnees.get("confirmation")
        if premier and second and premier != second:
            self.add_error("confirmation", "Les deux mots de passe diffèrent.")
        return donnees

    def refuser_le_mot_de_passe(self, compte) -> bool:
        erreurs = erreurs_du_mot_de_passe(self.cleaned_data["mot_de_passe"], compte)
        for erreur in erreurs:
            self.add_error("mot_de_passe", erreur)
        return bool(erreurs)
