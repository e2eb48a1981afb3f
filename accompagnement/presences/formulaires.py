"""Forms of the presences: several persons at once, and the correction of one absence."""

from django import forms
from django.utils import timezone

from accompagnement.models import Absence
from accompagnement.presences.reglages import demis
from dui.socle import champs, codes


def _avec_icones(champ) -> None:
    champ.choices = codes.choix("motif_absence")
    champ.icones = {
        code: c.proprietes.get("icone", "") for code, c in codes.codes("motif_absence").items()
    }


class PlusieursForm(forms.Form):
    """From a half-day to a half-day, both included."""

    personnes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    motif = forms.ChoiceField(widget=forms.RadioSelect)
    lieu = forms.CharField(required=False, max_length=120)
    du = champs.jour("Du")
    du_demi = forms.ChoiceField(label="À partir de", widget=forms.RadioSelect)
    au = champs.jour("Au")
    au_demi = forms.ChoiceField(label="Jusqu’à", widget=forms.RadioSelect)

    def __init__(self, *args, sejours, **kwargs):
        super().__init__(*args, **kwargs)
        self.parties = {d.code: d for d in demis()}
        self.fields["personnes"].choices = [
            (str(s.dossier_id), " ".join(filter(None, (str(s.place or ""), str(s.dossier)))))
            for s in sejours
        ]
        _avec_icones(self.fields["motif"])
        choix = [(d.code, d.libelle) for d in self.parties.values()]
        aujourdhui = timezone.localdate()
        for nom, demi in (("du", choix[0][0]), ("au", choix[-1][0])):
            self.fields[f"{nom}_demi"].choices = choix
            self.fields[f"{nom}_demi"].initial = demi
            self.fields[nom].initial = aujourdhui

    def clean(self):
        donnees = super().clean()
        if {"du", "au", "du_demi", "au_demi"} <= donnees.keys() and self.fin <= self.debut:
            self.add_error("au", "La fin précède le début.")
        return donnees

    @property
    def debut(self):
        demi = self.parties[self.cleaned_data["du_demi"]]
        return timezone.make_aware(demi.bornes(self.cleaned_data["du"])[0])

    @property
    def fin(self):
        demi = self.parties[self.cleaned_data["au_demi"]]
        return timezone.make_aware(demi.bornes(self.cleaned_data["au"])[1])


class CorrectionForm(forms.Form):
    motif = forms.ChoiceField(widget=forms.RadioSelect)
    lieu = forms.CharField(required=False, max_length=120)
    debut = champs.instant("Départ")
    retour_prevu = champs.instant("Retour prévu", requis=False)
    fin = champs.instant("Retour", requis=False, aide="jj/mm/aaaa hh:mm ; vide : pas revenu")
    pourquoi = forms.CharField(label="Motif de la correction", max_length=100)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, absence: Absence, **kwargs):
        super().__init__(*args, **kwargs)
        _avec_icones(self.fields["motif"])
        noms = ("motif", "lieu", "debut", "retour_prevu", "fin", "version")
        lues = {n: _local(getattr(absence, n)) for n in noms}
        self.initial = lues | dict(self.initial)

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "Le retour précède le départ.")
        return donnees


def _local(valeur):
    return timezone.localtime(valeur) if hasattr(valeur, "tzinfo") and valeur else valeur


class JourForm(forms.Form):
    jour = forms.DateField(input_formats=["%Y-%m-%d"], validators=[champs.plausible])
