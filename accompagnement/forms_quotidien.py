from django import forms
from django.utils import timezone

from dui.socle import champs, codes


class AbsenceForm(forms.Form):
    motif = forms.ChoiceField(widget=forms.RadioSelect)
    lieu = forms.CharField(required=False, max_length=120, help_text="Par exemple l’hôpital.")
    debut = champs.instant("Départ")
    retour_prevu = champs.instant(
        "Retour prévu", requis=False, aide="jj/mm/aaaa hh:mm, si vous le connaissez"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].choices = codes.choix("motif_absence")
        self.fields["debut"].initial = timezone.localtime
        self.fields["motif"].icones = {
            code: c.proprietes.get("icone", "") for code, c in codes.codes("motif_absence").items()
        }

    def clean(self):
        donnees = super().clean()
        debut, retour = donnees.get("debut"), donnees.get("retour_prevu")
        if debut and retour and retour <= debut:
            self.add_error("retour_prevu", "Le retour est après le départ.")
        return donnees


class RetourForm(forms.Form):
    fin = champs.instant("Retour")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fin"].initial = timezone.localtime


class QuiJeSuisForm(forms.Form):
    """One line per heading; the text and the version read of each travel with the form: what a
    colleague wrote on another line is not a change of mine."""

    def __init__(self, *args, lignes, **kwargs):
        super().__init__(*args, **kwargs)
        for code, rubrique in codes.codes("rubrique_habitude").items():
            ligne = lignes.get(code)
            lu = ligne.texte if ligne else ""
            self.fields[code] = forms.CharField(
                label=rubrique.libelle,
                required=False,
                max_length=400,
                initial=lu,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"lu_{code}"] = forms.CharField(
                required=False, initial=lu, widget=forms.HiddenInput
            )
            self.fields[f"version_{code}"] = forms.IntegerField(
                required=False, initial=ligne.version if ligne else 0, widget=forms.HiddenInput
            )

    def modifiees(self):
        for code in codes.codes("rubrique_habitude"):
            if self.cleaned_data[code] != self.cleaned_data[f"lu_{code}"]:
                yield {
                    "rubrique": code,
                    "texte": self.cleaned_data[code],
                    "version_lue": self.cleaned_data[f"version_{code}"] or 0,
                }

    def montrer_le_conflit(self, actuelle, message):
        """Both texts are on the page from now on: the next save is a choice, not an overwrite."""
        self.data = self.data.copy()
        self.data[f"version_{actuelle.rubrique}"] = actuelle.version
        self.data[f"lu_{actuelle.rubrique}"] = actuelle.texte
        self.add_error(actuelle.rubrique, message)
