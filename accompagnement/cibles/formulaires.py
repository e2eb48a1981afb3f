import uuid

from django import forms
from django.utils import timezone

from accompagnement import suites
from accompagnement.cibles import catalogue
from accompagnement.cibles.rattachement import SANS_NOM, Suivi
from accompagnement.cibles.services import PASSEE
from accompagnement.forms import SurvenuMixin, TransmissionForm, texte
from accompagnement.models import Cible, Transmission
from accompagnement.photos.formulaires import PhotoMixin
from dui.socle import champs, codes

SUIVIE = "suivie-"


def jour_de_relance(aide="") -> forms.DateField:
    return champs.jour("À relancer le", required=False, help_text=aide)


def a_venir(jour):
    if jour and jour <= timezone.localdate():
        raise forms.ValidationError(PASSEE)
    return jour


class NouvelleForm(suites.SuiteMixin, PhotoMixin, TransmissionForm):
    """A transmission that may open a target, or continue one; and usual sentences at hand."""

    ouvrir = forms.BooleanField(
        label="Suivre cette cible",
        required=False,
        help_text="Elle reste ouverte, et revient à la relève, jusqu’à ce que le résultat soit "
        "écrit.",
    )
    intitule = forms.CharField(
        label="Précision",
        required=False,
        max_length=80,
        help_text="par exemple talon droit",
    )
    relance_le = jour_de_relance("jj/mm/aaaa, ou rien")
    phrases = forms.MultipleChoiceField(
        label="Phrases usuelles", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, suivies=(), executants=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.suivies = {f"{SUIVIE}{c.pk}": c for c in suivies}
        self.fields["cible"].choices += [(v, c.titre) for v, c in self.suivies.items()]
        self.proposer_a(executants)
        self.fields["phrases"].choices = [
            (p, p) for lot in catalogue.phrases().values() for p in lot
        ]

    def cibles(self):
        """Those that are followed come first: the thread goes on."""
        choisies = super().cibles()
        suivies = []
        for option in self["cible"]:
            if suivie := self.suivies.get(str(option.data["value"])):
                option.data["attrs"]["data-code"] = suivie.code  # whose sentences it offers
                puce = {"entree": option.tag(), "libelle": suivie.titre, "icone": "suite"}
                suivies.append(puce)
        return choisies | {"suivies": suivies}

    def phrases_par_cible(self) -> list[dict]:
        """[{code, libelle, options}]; ticked, they are added to the data when saved."""
        options = {str(o.data["value"]): o for o in self["phrases"]}
        connues = codes.codes("cible_transmission")
        return [
            {
                "code": code,
                "libelle": connues[code].libelle,
                "options": [{"entree": options[p].tag(), "libelle": p} for p in lot],
            }
            for code, lot in catalogue.phrases().items()
            if code in connues
        ]

    @property
    def suivi_commence(self) -> bool:
        """What was typed in the fold is never folded away."""
        noms = ("ouvrir", "intitule", "relance_le", "suite_titre", "suite_le")
        return any(self[nom].value() for nom in noms) or "suite_pour" in self.errors

    def cible_ecrite(self):
        """The target chosen: a followed one, or a code."""
        valeur = self["cible"].value() or ""
        return self.suivies.get(valeur, valeur)

    def clean_relance_le(self):
        return a_venir(self.cleaned_data["relance_le"])

    def clean_phrases(self):
        """Without script, what is ticked follows what is typed; nothing is overwritten."""
        choisies = self.cleaned_data["phrases"]
        deja = self.cleaned_data.get("donnees", "")
        if ajoutees := [p for p in choisies if p not in deja]:
            self.cleaned_data["donnees"] = " ".join([deja, *ajoutees]).strip()
        return choisies

    def clean(self):
        donnees = super().clean()
        suivie = self.suivies.get(donnees.get("cible", ""))
        if suivie:
            donnees["cible"] = suivie.code
        elif donnees.get("ouvrir") and not donnees.get("cible") and not donnees.get("intitule"):
            self.add_error("intitule", SANS_NOM)
        donnees["suivi"] = Suivi(
            suivie,
            bool(donnees.pop("ouvrir", False)) and suivie is None,
            donnees.pop("intitule", ""),
            donnees.pop("relance_le", None),
        )
        donnees.pop("phrases", None)
        donnees["suite"] = self.lire_la_suite(donnees)
        return donnees

    def cible_manque(self, donnees) -> bool:
        libre = donnees.get("ouvrir") and donnees.get("intitule")
        return not libre and super().cible_manque(donnees)


class MacrocibleForm(SurvenuMixin):
    """One field for each heading of the structure that this moment asks for."""

    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    importance = forms.ChoiceField(
        label="Importance",
        choices=Transmission.Importance.choices,
        initial=Transmission.Importance.IMPORTANTE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, moment, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment
        self.fields["importance"].icones = {"importante": "alerte", "urgente": "urgence"}
        for r in moment.rubriques:
            self.fields[f"r_{r.code}"] = texte(r.libelle, r.aide, 3)

    def rubriques(self):
        return [self[f"r_{r.code}"] for r in self.moment.rubriques]

    def clean(self):
        donnees = super().clean()
        ecrites = {r.code: donnees.pop(f"r_{r.code}", "") for r in self.moment.rubriques}
        if not any(v.strip() for v in ecrites.values()):
            premiere = self.moment.rubriques[0]
            self.add_error(f"r_{premiere.code}", "Remplissez au moins une rubrique.")
        return donnees | {
            "rubriques": ecrites,
            "macrocible": self.moment.code,
            "forme": Transmission.Forme.MACRO,
        }


class CorrectionMacroForm(MacrocibleForm):
    version_lue = forms.IntegerField(widget=forms.HiddenInput)
    motif = forms.CharField(
        label="Motif de la correction",
        max_length=200,
        help_text="Par exemple : traitement oublié.",
    )


class VersionForm(forms.Form):
    version_lue = forms.IntegerField(widget=forms.HiddenInput)

    def montrer_le_conflit(self, actuelle):
        """What changed is on the page from now on: the next save is a choice."""
        self.data = self.data.copy()
        self.data["version_lue"] = actuelle.version


class ClotureForm(VersionForm):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    etat = forms.ChoiceField(
        label="Elle est",
        choices=[c for c in Cible.Etat.choices if c[0] != Cible.Etat.OUVERTE],
        initial=Cible.Etat.RESOLUE,
        widget=forms.RadioSelect,
    )
    resultat = forms.CharField(
        label="Résultat",
        max_length=8000,
        help_text="L’effet sur la personne, ou pourquoi on ne suit plus cette cible.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReouvertureForm(VersionForm):
    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    donnees = forms.CharField(
        label="Données",
        max_length=8000,
        help_text="Ce qui fait rouvrir cette cible.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    relance_le = jour_de_relance("jj/mm/aaaa")


class RelanceForm(VersionForm):
    relance_le = jour_de_relance("jj/mm/aaaa ; vide, le délai habituel de la cible")
