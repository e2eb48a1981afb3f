"""The report to the authorities, and its sending."""

from uuid import uuid4

from django import forms
from django.utils import timezone

from coordination.evenements.formulaires import ligne, texte
from coordination.models import SignalementEig
from dui.socle import champs, codes, taches
from dui.socle.models import Tache
from habilitations import destinataires

CHAMPS = (
    "categorie", "nature", "victimes", "exposees", "circonstances", "consequences", "mesures",
    "mesures_proches", "information", "suites_judiciaires", "mediatique", "evolution",
    "declarant", "declarant_fonction", "declarant_telephone", "anonyme", "complement",
)  # fmt: skip


class EigForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    categorie = forms.ChoiceField(label="Catégorie")
    nature = texte("Nature de l’événement", "", 2, requis=True)
    victimes = forms.IntegerField(label="Victimes", min_value=0, max_value=9999, initial=0)
    exposees = forms.IntegerField(label="Exposées", min_value=0, max_value=9999, initial=0)
    circonstances = texte("Circonstances", "", 3, requis=True)
    consequences = texte("Conséquences constatées ou prévisibles", "", 2, requis=True)
    mesures = texte("Mesures immédiates", "", 2, requis=True)
    mesures_proches = texte("Mesures envers les personnes et leurs proches")
    information = texte("Information donnée aux personnes et aux proches")
    suites_judiciaires = texte("Suites judiciaires ou administratives", "plainte, enquête…")
    mediatique = texte("Écho dans les médias")
    evolution = texte("Évolution attendue, difficultés")
    declarant = ligne("Déclarant")
    declarant_fonction = ligne("Sa fonction", maximum=80)
    declarant_telephone = ligne("Son téléphone", maximum=20)
    anonyme = forms.BooleanField(
        label="Sans le nom de la personne dans ce qui part", required=False, initial=True
    )
    complement = texte("Complément, après l’envoi", "ce qu’on a su depuis", 3)

    def __init__(self, *args, evenement, eig=None, declarant="", fonction="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["categorie"].choices = [
            (c, f"{c}. {libelle}") for c, libelle in codes.choix("categorie_eig")
        ]
        for nom in ("declarant", "declarant_fonction"):
            self.fields[nom].required = True
        depart = {n: getattr(evenement, n) for n in ("circonstances", "consequences", "mesures")}
        type_ = codes.codes("type_evenement").get(evenement.type)
        depart |= {
            "categorie": type_.proprietes.get("eig", "") if type_ else "",
            "nature": type_.libelle if type_ else "",
            "victimes": int(evenement.dossier_id is not None),
            "declarant": declarant,
            "declarant_fonction": fonction,
        }
        if eig:
            depart = {n: getattr(eig, n) for n in CHAMPS} | {"version": eig.version}
        for nom, valeur in depart.items():
            self.fields[nom].initial = valeur
        for nom in CHAMPS[:-1] if eig and eig.parti else ():  # all but the complement
            self.fields[nom].disabled = True

    @property
    def saisie(self) -> dict:
        return {n: v for n, v in self.cleaned_data.items() if n != "version"}


class EtapeEigForm(forms.Form):
    vers = forms.ChoiceField(choices=SignalementEig.Etat.choices, widget=forms.HiddenInput)


class EnvoiForm(forms.Form):
    autorite = forms.ChoiceField(label="Autorité", widget=forms.RadioSelect)
    transmis_le = champs.instant("Transmis le")
    moyen = forms.ChoiceField(label="Par", widget=forms.RadioSelect)
    reference = ligne("Référence de l’accusé")
    preuve = forms.FileField(
        label="Preuve de l’envoi",
        required=False,
        help_text="PDF, PNG ou JPEG : gardée chiffrée dans le dossier.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["autorite"].choices = codes.choix("autorite_eig")
        self.fields["moyen"].choices = codes.choix("moyen_envoi")
        self.fields["transmis_le"].initial = timezone.localtime

    @property
    def saisie(self) -> dict:
        donnees = dict(self.cleaned_data)
        fichier = donnees.pop("preuve")
        lu = (fichier.read(), fichier.content_type) if fichier else None
        return donnees | {"preuve": lu}


class ActionForm(forms.Form):
    """An action of the plan: what, who, for when."""

    cle_saisie = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    titre = forms.CharField(label="Action", max_length=200, widget=forms.TextInput())
    a = forms.ChoiceField(label="Par qui")
    pour_le = champs.jour("Pour le")

    def __init__(self, *args, etablissement, unite=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.etablissement, self.unite = etablissement, unite
        groupes = destinataires.choix(etablissement)
        self.fields["a"].choices = [("", "Choisissez…"), *groupes]

    def clean_a(self):
        return destinataires.lire(self.cleaned_data["a"], self.etablissement, self.unite)

    @property
    def saisie(self) -> dict:
        donnees = self.cleaned_data
        return {
            "titre": donnees["titre"],
            "cle_saisie": donnees["cle_saisie"],
            "a": donnees["a"],
            "echeance_le": taches.fin_de_journee(donnees["pour_le"]),
            "priorite": Tache.Priorite.COURANTE,
        }
