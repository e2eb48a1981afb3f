from django import forms
from django.utils import timezone

from dui.socle.champs import jour

SIECLES = [("19", "Dix-neuf cent… (19XX)"), ("20", "Deux mille… (20XX)")]


class BeneficiaireForm(forms.Form):
    """Who, on the card, is here: nobody is chosen beforehand."""

    rang = forms.TypedChoiceField(
        label="Qui est présent ?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la personne."},
    )
    siecle = forms.TypedChoiceField(
        label="Siècle de naissance",
        coerce=int,
        empty_value=None,
        choices=SIECLES,
        required=False,
        widget=forms.RadioSelect,
        help_text="Seulement si la carte ne donne que deux chiffres de l’année.",
    )

    def __init__(self, *args, beneficiaires=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rang"].choices = [(n, _dire(b)) for n, b in enumerate(beneficiaires)]
        if not any(b.annee_courte for b in beneficiaires):
            del self.fields["siecle"]


def _dire(lu) -> str:
    nom = lu.nom_naissance or f"{lu.nom_usuel} (nom utilisé)"
    return f"{nom} {lu.prenom}, {_naissance(lu)}"


def _naissance(lu) -> str:
    if lu.naissance:
        annee, mois, jour_ = lu.naissance.split("-")
        return f"né ou née le {jour_}/{mois}/{annee}"
    if court := lu.annee_courte:
        return f"né ou née le {court[:2]}/{court[2:4]}, année finissant par {court[4:]}"
    return "date de naissance absente"


class DecisionForm(forms.Form):
    ACCEPTER, REFUSER = "accepter", "refuser"

    attente = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[(ACCEPTER, "Accepter"), (REFUSER, "Refuser")])
    confirmer = forms.BooleanField(
        label="Les traits d’INSi sont ceux de la personne, je l’ai vérifié avec elle",
        required=False,
    )


class LotForm(forms.Form):
    depuis = jour("Identités qualifiées depuis le", initial=timezone.localdate)
