from uuid import uuid4

from django import forms

from coordination.evenements.formulaires import ligne, texte
from coordination.models import Participant
from dui.socle import champs
from habilitations import destinataires
from habilitations.conflits import FormulaireVersionne

NOM_MAX = Participant._meta.get_field("nom").max_length


class ReunionForm(forms.Form):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput)
    titre = forms.CharField(
        label="Réunion", max_length=120, initial="Synthèse", widget=forms.TextInput()
    )
    prevue_le = champs.instant("Le")
    ordre_du_jour = texte("Ordre du jour", "sans nommer personne", 3)
    participants = forms.MultipleChoiceField(
        label="Participants", required=False, widget=forms.CheckboxSelectMultiple
    )
    invites = ligne("Autres participants", "séparés par une virgule", 400)
    dossiers = forms.MultipleChoiceField(
        label="Personnes dont on parlera",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, etablissement=None, presents=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cle_saisie"].initial = uuid4
        self.fields["dossiers"].choices = list(presents)
        groupes = destinataires.choix(etablissement) if etablissement else [("", []), ("", [])]
        self.fields["participants"].choices = groupes[1][1]

    def clean_invites(self):
        noms = [n.strip() for n in self.cleaned_data["invites"].split(",") if n.strip()]
        if any(len(n) > NOM_MAX for n in noms):
            raise forms.ValidationError("Séparez les noms par une virgule.")
        return noms

    @property
    def saisie(self) -> dict:
        donnees = dict(self.cleaned_data)
        comptes = (valeur.partition(":")[2] for valeur in donnees["participants"])
        donnees["participants"] = [int(c) for c in comptes]
        return donnees


class PointForm(FormulaireVersionne):
    situation = texte("Ce qui a été dit", "faits, points de vue, souhaits de la personne", 5)
    decisions = texte("Décisions", "une par ligne", 4)

    @property
    def saisie(self) -> dict:
        return self.champs | {"version_lue": self.cleaned_data["version"]}
