from django import forms
from django.core.exceptions import ValidationError

from accompagnement.evaluations.importees import services
from accompagnement.evaluations.moteur.schema import TAILLE_MAX
from dui.socle.enums import Domaine


class ImportForm(forms.Form):
    fichier = forms.FileField(
        label="Définition de la grille",
        help_text=f"Un fichier .json, {TAILLE_MAX // 1024} Ko au plus.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Choisissez un fichier."},
    )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise ValidationError(f"Le fichier dépasse {TAILLE_MAX // 1024} Ko.")
        return fichier


class PublicationForm(forms.Form):
    etablissements = forms.ModelMultipleChoiceField(
        None, label="Établissements", required=False, widget=forms.CheckboxSelectMultiple
    )
    domaines = forms.MultipleChoiceField(
        label="Domaines entiers",
        required=False,
        help_text="Vaut aussi pour les établissements qui s’y ajouteront.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, habilitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["etablissements"].queryset = services.maisons(habilitation).order_by("nom")
        entiers = services.domaines_entiers(habilitation)
        self.fields["domaines"].choices = [
            (d.value, d.label) for d in Domaine if d.value in entiers
        ]
        if not entiers:
            del self.fields["domaines"]

    def clean(self):
        donnees = super().clean()
        if not self.errors and not donnees["etablissements"] and not donnees.get("domaines"):
            raise ValidationError("Choisissez où publier cette grille.")
        return donnees
