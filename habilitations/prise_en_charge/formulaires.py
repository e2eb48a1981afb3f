from django import forms
from django.utils import timezone

from dui.socle import champs, codes
from habilitations.models import MembreEquipe
from habilitations.prise_en_charge.services import MEMBRE, PLACES

TOUS = "tous"  # a radio button without a value sends « on »


class ChoisirForm(forms.Form):
    """Somebody who works where the person stays."""

    compte = forms.ChoiceField(label="Qui")

    def __init__(self, *args, candidats, **kwargs):
        super().__init__(*args, **kwargs)
        self._comptes = {str(c.pk): c for c in candidats}
        choix = [(cle, _nommer(c)) for cle, c in self._comptes.items()]
        self.fields["compte"].choices = [("", "Choisir…"), *choix]

    def clean_compte(self):
        return self._comptes[self.cleaned_data["compte"]]


def _nommer(compte) -> str:
    nom = f"{compte.last_name} {compte.first_name}".strip() or compte.username
    return ", ".join(filter(None, (nom, compte.metier)))


class AjoutForm(ChoisirForm):
    place = forms.ChoiceField(
        label="Place", choices=PLACES, initial=MEMBRE, widget=forms.RadioSelect
    )
    fonction = forms.ChoiceField(label="Fonction", initial="353")
    perimetre = forms.ChoiceField(
        label="Périmètre",
        required=False,
        choices=[(TOUS, "Tous"), *MembreEquipe.Perimetre.choices],
        initial=TOUS,
        widget=forms.RadioSelect,
    )
    debut = champs.jour("À partir du", initial=timezone.localdate)
    fin = champs.jour("Jusqu’au", required=False, help_text="jj/mm/aaaa, si vous le connaissez")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fonction"].choices = codes.choix("fonction_equipe")

    def clean_perimetre(self):
        choisi = self.cleaned_data["perimetre"]
        return "" if choisi == TOUS else choisi

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return donnees


class FinForm(forms.Form):
    fin = champs.jour(
        "Dernier jour dans l’équipe",
        initial=timezone.localdate,
        help_text="Ce jour-là compte encore.",
    )
    motif = forms.CharField(label="Pourquoi", max_length=100)


class RemplacementForm(ChoisirForm):
    le = champs.jour("À partir du", initial=timezone.localdate)
    motif = forms.CharField(label="Pourquoi", max_length=100)
