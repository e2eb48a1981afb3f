import uuid

from django import forms
from django.utils import timezone

from dui.socle import champs, codes
from dui.socle.refus import refuser
from habilitations.conflits import FormulaireVersionne
from soins import constantes
from soins.models import Vigilance


def valeur(constante) -> champs.Nombre:
    """« 53,4 » or « 53.4 »: the bounds are the service's affair, they depend on the age."""
    return champs.Nombre(
        label=f"{constante.libelle} ({constante.unite})",
        unite=constante.unite,
        required=False,
        localize=True,
        max_digits=8,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "entree--court"}
        ),
    )


class MomentForm(forms.Form):
    """When it was measured: a day, and an hour typed as one says it."""

    heure = champs.Heure(label="Mesuré à")
    jour = champs.jour("Le")

    def __init__(self, *args, le=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["heure"].initial = lambda: f"{timezone.localtime(le):%H:%M}"
        self.fields["jour"].initial = lambda: timezone.localdate(le)

    def clean(self):
        donnees = super().clean()
        if "heure" in donnees and "jour" in donnees:
            try:
                donnees["mesuree_le"] = champs.moment(donnees["jour"], *donnees["heure"])
            except forms.ValidationError as erreur:
                self.add_error("heure", erreur)
        return donnees

    @property
    def mesuree_le(self):
        return self.cleaned_data["mesuree_le"]

    def refuser(self, erreur) -> None:
        """What the service refused, each at its field."""
        fautes = getattr(erreur, "error_dict", {})
        if "mesuree_le" in fautes:
            champ = "heure" if self.cleaned_data["jour"] == timezone.localdate() else "jour"
            fautes[champ] = fautes.pop("mesuree_le")
        refuser(self, erreur)


class ConstantesForm(MomentForm):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.codes = list(constantes.saisissables())
        for code, constante in constantes.saisissables().items():
            self.fields[code] = valeur(constante)

    @property
    def mesures(self):
        return [self[code] for code in self.codes]

    @property
    def valeurs(self) -> dict:
        lues = ((code, self.cleaned_data.get(code)) for code in self.codes)
        return {code: lue for code, lue in lues if lue is not None}


class MotifForm(forms.Form):
    motif = forms.CharField(
        label="Motif", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CorrectionForm(MomentForm, MotifForm):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, mesure, **kwargs):
        super().__init__(*args, le=mesure.mesuree_le, **kwargs)
        self.fields["valeur"] = valeur(constantes.toutes()[mesure.code])
        self.fields["valeur"].required = True
        self.fields["valeur"].initial = mesure.valeur.normalize()
        self.order_fields(["valeur", "jour", "heure", "motif"])


class AnnulationForm(MotifForm):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class VigilanceForm(FormulaireVersionne):
    type = forms.ChoiceField(label="Nature", widget=forms.RadioSelect)
    libelle = forms.CharField(
        label="Libellé",
        max_length=120,
        help_text="Comme il doit se lire dans le bandeau : « Allergie : pénicilline ».",
    )
    precision = forms.CharField(
        label="Précision",
        max_length=300,
        required=False,
        help_text="Réaction, date, conduite à tenir. Visible ici et sur la fiche d’urgence.",
    )
    gravite = forms.TypedChoiceField(
        label="Gravité",
        coerce=int,
        choices=Vigilance.Gravite.choices,
        initial=Vigilance.Gravite.ATTENTION,
        widget=forms.RadioSelect,
    )
    depuis = champs.jour("Depuis le", initial=timezone.localdate)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = codes.choix("type_vigilance")
        self.fields["type"].icones = {
            code: c.proprietes.get("icone", "info")
            for code, c in codes.codes("type_vigilance").items()
        }
        if self.objet:
            self.fields["motif"] = forms.CharField(
                label="Motif de la modification", max_length=100, required=False
            )


class LeveeForm(MotifForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
