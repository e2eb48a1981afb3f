from uuid import uuid4

from django import forms

from coordination.evenements.formulaires import ligne, texte
from coordination.models import Participant
from dui.socle import champs
from habilitations import destinataires
from habilitations.conflits import FormulaireVersionne

NOM_MAX = Participant._meta.get_field("nom").max_length


class ReunionForm(FormulaireVersionne):
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
        if self.objet:
            del self.fields["cle_saisie"]
        self.fields["dossiers"].choices = list(presents)
        groupes = destinataires.choix(etablissement) if etablissement else [("", []), ("", [])]
        self.fields["participants"].choices = groupes[1][1]

    def valeurs(self, objet) -> dict:
        lignes = list(objet.participants.order_by("pk"))
        return super().valeurs(objet) | {
            "participants": [f"compte:{p.compte_id}" for p in lignes if p.compte_id],
            "invites": ", ".join(p.nom for p in lignes if p.nom),
            "dossiers": [str(cle) for cle in objet.points.values_list("dossier", flat=True)],
        }

    def bruts(self, valeurs: dict) -> dict[str, list[str]]:
        """The list of guests once read is a list; a browser posts one line."""
        lus = valeurs.get("invites", "")
        texte_ = ", ".join(lus) if isinstance(lus, list) else lus
        return super().bruts(valeurs | {"invites": texte_})

    def clean_invites(self):
        noms = [n.strip() for n in self.cleaned_data["invites"].split(",") if n.strip()]
        if any(len(n) > NOM_MAX for n in noms):
            raise forms.ValidationError("Séparez les noms par une virgule.")
        return noms

    @property
    def saisie(self) -> dict:
        donnees = dict(self.champs)
        comptes = (valeur.partition(":")[2] for valeur in donnees["participants"])
        donnees["participants"] = [int(c) for c in comptes]
        return donnees


class AnnulerReunionForm(FormulaireVersionne):
    motif = ligne("Pourquoi", "sans nommer personne", 300)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].required = True


class PointForm(FormulaireVersionne):
    situation = texte("Ce qui a été dit", "faits, points de vue, souhaits de la personne", 5)
    decisions = texte("Décisions", "une par ligne", 4)

    @property
    def saisie(self) -> dict:
        return self.champs | {"version_lue": self.cleaned_data["version"]}
