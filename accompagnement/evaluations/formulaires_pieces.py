from django import forms
from django.conf import settings

from accompagnement.evaluations import pieces
from dui.socle.fichiers import FichierInterdit

TROP_GROS = "Ce fichier est trop lourd : réduisez-le, ou joignez-le en plusieurs parties."
SANS_FICHIER = "Choisissez le fichier qui porte ce nom."
A_REPRENDRE = "Choisissez de nouveau ce fichier : il n’a pas été gardé."


class PiecesMixin(forms.Form):
    """One file joined at each save, those it has taken away. Its fields come last on the page: of
    an upload cut while it came, only what precedes was received."""

    retirees = forms.MultipleChoiceField(
        label="Retirer", required=False, widget=forms.CheckboxSelectMultiple
    )
    piece_titre = forms.CharField(
        label="Ce que c’est",
        required=False,
        max_length=pieces.TITRE_MAX,
        help_text="Par exemple : certificat médical. Laissé vide, le nom du fichier.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    piece = forms.FileField(
        label="Fichier à joindre",
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )

    def joindre(self, habilitation, deja, *, trop_gros: bool) -> None:
        self.habilitation, self.trop_gros = habilitation, trop_gros
        self.fields["retirees"].choices = [(str(d.pk), f"Retirer « {d.titre} »") for d in deja]
        limite = settings.TAILLE_MAXIMALE_DOCUMENT // 2**20
        self.fields["piece"].help_text = f"PDF, PNG ou JPEG, {limite} Mo au plus."

    def clean_piece(self):
        fichier, titre = self.cleaned_data["piece"], self.cleaned_data.get("piece_titre", "")
        if self.trop_gros:  # cut while it came: no file at all was received
            raise forms.ValidationError(TROP_GROS)
        if not fichier:
            if titre:
                raise forms.ValidationError(SANS_FICHIER)
            return None
        try:
            return pieces.accepter(self.habilitation, fichier, titre)
        except FichierInterdit as refus:
            raise forms.ValidationError(f"{refus.message} {refus.que_faire}") from refus

    def redemander_le_fichier(self) -> None:
        """A browser never sends a file twice: refused for another reason, the page says it."""
        if self.files.get("piece") and not self.errors.get("piece"):
            self.add_error("piece", A_REPRENDRE)
