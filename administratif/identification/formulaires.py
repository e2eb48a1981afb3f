from django import forms
from django.utils.html import format_html

from administratif.forms import motif
from administratif.identification import regles
from dui.socle.statuts import Cause
from habilitations.conflits import FormulaireVersionne

CONFORME, DIFFERENT = "conforme", "different"
COMPARAISONS = [(CONFORME, "Identique"), (DIFFERENT, "Différent")]
PREFIXE = "trait_"


class ControleForm(FormulaireVersionne):
    """The document, then the strict traits one by one. Nothing is answered beforehand."""

    piece = forms.ChoiceField(label="Pièce présentée", widget=forms.RadioSelect)
    condition = forms.BooleanField(label="La condition de cette pièce est remplie", required=False)
    commentaire = forms.CharField(label="Remarque", max_length=200, required=False)

    def __init__(self, *args, pieces, traits: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["piece"].choices = [(p.code, _libelle(p)) for p in pieces]
        if not any(p.condition for p in pieces):
            del self.fields["condition"]
        for nom, libelle in regles.TRAITS.items():
            self.fields[PREFIXE + nom] = forms.ChoiceField(
                label=f"{libelle} : {traits[nom]}",
                choices=COMPARAISONS,
                widget=forms.RadioSelect,
                error_messages={"required": "Comparez ce trait avec la pièce."},
            )

    @property
    def champs_traits(self):
        return [self[PREFIXE + nom] for nom in regles.TRAITS]

    @property
    def champs(self):
        donnees = self.cleaned_data
        return {
            "piece": donnees["piece"],
            "condition": donnees.get("condition", False),
            "commentaire": donnees["commentaire"],
            "differents": [n for n in regles.TRAITS if donnees[PREFIXE + n] == DIFFERENT],
        }


def _libelle(piece) -> str:
    notes = " ".join(n for n in (piece.aide, piece.condition) if n)
    if not piece.valide:
        notes = f"Notée, elle ne valide pas l’identité. {notes}".strip()
    if not notes:
        return piece.libelle
    return format_html('{} <span class="champ__note">{}</span>', piece.libelle, notes)


class SignalementForm(FormulaireVersionne):
    """Report: whoever meets the person says it, the cellule judges."""

    cause = forms.ChoiceField(
        label="Ce que vous signalez",
        choices=[
            (Cause.DOUTE.value, "Un doute sur l’identité : l’INS ne servira plus"),
            (Cause.HOMONYME.value, "Un homonyme : une autre personne a presque les mêmes traits"),
        ],
        widget=forms.RadioSelect,
    )
    motif = motif("Ce qui vous le fait dire")


ANNULER = Cause.CONTROLE_ANNULE.value


class JugementForm(FormulaireVersionne):
    """What the cellule d’identitovigilance decides."""

    cause = forms.ChoiceField(label="Décision", widget=forms.RadioSelect)
    motif = motif("Motif de la décision")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = list(_decisions(self.objet))


def _decisions(usager):
    """Only what the table of statuses lets happen to this identity."""
    if usager.douteuse:
        yield Cause.DOUTE_LEVE.value, "Lever le doute : les traits sont les bons"
    if usager.homonyme:
        yield Cause.HOMONYME_LEVE.value, "Retirer la mention d’homonyme"
    if usager.identite_validee:
        yield ANNULER, "Annuler le contrôle de la pièce d’identité"
    if not (usager.homonyme or usager.douteuse or usager.fictive):
        yield Cause.FICTIVE.value, "Déclarer l’identité fictive (formation, anonymat)"
