"""The file that a reader of cartes Vitale gives: the field of the forms that receive it."""

from django import forms

from dui.connecteurs.lecture_xml import TAILLE_MAX

TROP_GROS = f"Une lecture de carte fait moins de {TAILLE_MAX // 1024} Ko : ce n’en est pas une."


class CarteForm(forms.Form):
    """`fichier`, once clean: its bytes."""

    fichier = forms.FileField(
        label="Lecture de la carte Vitale",
        help_text="Le fichier XML que donne le lecteur de cartes du poste.",
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Choisissez le fichier de la lecture."},
    )

    def __init__(self, *args, trop_gros=False, **kwargs):
        super().__init__(*args, **kwargs)
        if trop_gros:  # cut while it came: the form received no file at all
            self.fields["fichier"].error_messages["required"] = TROP_GROS

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise forms.ValidationError(TROP_GROS)
        return fichier.read()
