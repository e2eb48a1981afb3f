from django import forms

from dui.socle import champs, codes
from habilitations.bris.regles import REGLES
from habilitations.models import BrisDeGlace
from habilitations.moyens.formulaires import PreuveForm


class ChercherForm(forms.Form):
    nom = forms.CharField(label="Nom de naissance ou nom utilisé", max_length=100)
    naissance = champs.jour("Date de naissance")


class BriserForm(PreuveForm):
    code_motif = forms.ChoiceField(label="Pourquoi ouvrir ce dossier ?", widget=forms.RadioSelect)
    motif = forms.CharField(
        label="Expliquez",
        help_text="Ce qui se passe, et qui vous l’a demandé. Relu par le médecin coordonnateur.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("code_motif", "motif", "mot_de_passe")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code_motif"].choices = codes.choix("motif_bris_de_glace")

    def clean_motif(self):
        motif = self.cleaned_data["motif"].strip()
        if len(motif) < REGLES.explication_minimale:
            raise forms.ValidationError(
                f"Expliquez en {REGLES.explication_minimale} caractères au moins."
            )
        return motif


class RevueForm(forms.Form):
    conclusion = forms.ChoiceField(
        label="Conclusion", choices=BrisDeGlace.Conclusion, widget=forms.RadioSelect
    )
    commentaire = forms.CharField(
        label="Commentaire", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def choix_en_clair(self) -> str:
        return dict(self.fields["conclusion"].choices).get(self["conclusion"].value(), "")
