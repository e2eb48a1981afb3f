from uuid import uuid4

from django import forms

from dui.socle import champs, taches
from dui.socle.models import Tache
from habilitations import destinataires


class TransmettreForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput)
    nature = forms.ChoiceField(
        label="Que demandez-vous ?",
        choices=[(Tache.Nature.TACHE, "De le faire"), (Tache.Nature.MESSAGE, "De le lire")],
        initial=Tache.Nature.TACHE,
        widget=forms.RadioSelect,
    )
    a = forms.ChoiceField(label="À qui")
    titre = forms.CharField(
        label="Quoi",
        max_length=200,
        widget=forms.TextInput(),
        help_text="Une ligne : prendre le poids demain, rappeler la fille…",
    )
    texte = forms.CharField(
        label="Précisions",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    pour_le = champs.jour("Pour le", required=False)
    priorite = forms.TypedChoiceField(
        label="Priorité",
        coerce=int,
        choices=[(p.value, p.label) for p in reversed(Tache.Priorite)],
        initial=Tache.Priorite.COURANTE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, etablissement=None, unite=None, sauf=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.etablissement, self.unite = etablissement, unite
        self.fields["cle_saisie"].initial = uuid4
        self.fields["priorite"].icones = {2: "alerte", 1: "urgence"}
        groupes = destinataires.choix(etablissement, sauf=sauf) if etablissement else []
        self.fields["a"].choices = [("", "Choisissez…"), *groupes]

    def clean_a(self):
        return destinataires.lire(self.cleaned_data["a"], self.etablissement, self.unite)

    @property
    def demande(self) -> dict:
        """What the service takes."""
        donnees = dict(self.cleaned_data)
        jour = donnees.pop("pour_le")
        return donnees | {"echeance_le": taches.fin_de_journee(jour) if jour else None}


class SuiteForm(forms.Form):
    suite = forms.CharField(
        label="Ce qui a été fait",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnnulerForm(forms.Form):
    motif = forms.CharField(label="Pourquoi l’annuler", max_length=300, widget=forms.TextInput())


class ReporterForm(forms.Form):
    pour_le = champs.jour("Nouvelle échéance")
    motif = forms.CharField(label="Pourquoi la reporter", max_length=90, widget=forms.TextInput())
