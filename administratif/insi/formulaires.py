from django import forms
from django.utils import timezone

from dui.connecteurs.lecture_xml import TAILLE_MAX
from dui.socle.champs import jour

TROP_GROS = f"Une lecture de carte fait moins de {TAILLE_MAX // 1024} Ko : ce n’en est pas une."
SIECLES = [("19", "Dix-neuf cent… (19XX)"), ("20", "Deux mille… (20XX)")]


class CarteForm(forms.Form):
    fichier = forms.FileField(
        label="Lecture de la carte Vitale",
        help_text="Le fichier XML que donne le lecteur de cartes du poste.",
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Choisissez le fichier de la lecture."},
    )

    def __init__(self, *args, trop_gros=False, **kwargs):
        super().__init__(*args, **kwargs)
        if trop_gros:  # cut while it came: the form received no file at all
            self.fields["fichier"].error_messages["required"] = TROP_GROS

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise forms.ValidationError(TROP_GROS)
        return fichier.read()


class BeneficiaireForm(forms.Form):
    """Who, on the card, is here: nobody is chosen beforehand."""

    rang = forms.TypedChoiceField(
        label="Qui est présent ?",
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
        return f"né ou née le {court[:2]}/{court[2:4]}/..{court[4:]}"
    return "date de naissance absente"


class DecisionForm(forms.Form):
    ACCEPTER, REFUSER = "accepter", "refuser"

    attente = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[(ACCEPTER, "Accepter"), (REFUSER, "Refuser")])
    confirmer = forms.BooleanField(
        label="J’ai vérifié avec la personne : les traits d’INSi sont les siens",
        required=False,
    )


class LotForm(forms.Form):
    depuis = jour("Identités qualifiées depuis le", initial=timezone.localdate)
