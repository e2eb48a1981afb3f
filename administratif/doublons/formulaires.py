from django import forms

from administratif.doublons.regles import REGLES


def motif(libelle: str, aide: str = "") -> forms.CharField:
    return forms.CharField(
        label=libelle,
        help_text=aide,
        min_length=REGLES.motif_minimal,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PropositionForm(forms.Form):
    """Which one stays is proposed by the rule; the person chooses."""

    retenu = forms.ChoiceField(label="Identité à garder", widget=forms.RadioSelect)
    motif = motif("Ce qui vous dit que c’est la même personne")

    def __init__(self, *args, doublon, conseillee, **kwargs):
        super().__init__(*args, initial={"retenu": str(conseillee.pk)}, **kwargs)
        self.fields["retenu"].choices = [
            (str(d.pk), _libelle(d, conseillee)) for d in doublon.dossiers
        ]


def _libelle(dossier, conseillee) -> str:
    usager = dossier.usager
    conseil = ", conseillée" if dossier == conseillee else ""
    statut = usager.statut_identite.label.lower()
    return f"{usager.nom_affiche}, dossier {dossier.numero} (identité {statut}{conseil})"


class EcarterForm(forms.Form):
    motif = motif("Comment vous le savez", "Relu par qui reverra cette paire.")


class DefusionForm(forms.Form):
    motif = motif("Pourquoi défaire cette fusion")


class CollisionForm(forms.Form):
    texte = forms.CharField(
        label="Ce qui montre qu’il y a deux personnes dans ce dossier",
        help_text="La cellule d’identitovigilance le lira. N’écrivez aucune donnée de soin.",
        min_length=REGLES.motif_minimal,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
