from django import forms

from dui.socle import codes
from dui.socle.annuaire.recherche import PROFESSIONNELS, STRUCTURES, Criteres


class RechercheForm(forms.Form):
    """By GET: what is searched is a professional, never a person of the house."""

    nom = forms.CharField(label="Nom", required=False, max_length=80)
    ville = forms.CharField(label="Ville", required=False, max_length=60)
    profession = forms.ChoiceField(label="Profession", required=False)
    numero = forms.CharField(label="N° RPPS ou FINESS", required=False, max_length=30)
    quoi = forms.ChoiceField(
        required=False,
        choices=[(PROFESSIONNELS, "Professionnels"), (STRUCTURES, "Structures")],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        libelles = sorted(codes.choix("annuaire_profession"), key=lambda c: c[1])
        self.fields["profession"].choices = [("", "Toutes"), *libelles]
        for champ in self.fields.values():
            champ.widget.attrs["autocomplete"] = "off"

    @property
    def criteres(self) -> Criteres:
        """Nothing is searched with criteria that are not understood."""
        if not self.is_valid():
            return Criteres()
        lus = {nom: valeur for nom, valeur in self.cleaned_data.items() if valeur}
        return Criteres(**lus, apres=self.data.get("apres", "")[:800])
