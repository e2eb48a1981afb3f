from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from admission.creation import criteres
from dui.socle import champs, datamatrix, identite, lieux_naissance
from dui.socle.enums import Sexe

DATE_AIDE = "JJ/MM/AAAA ; ce qui est inconnu s’écrit 00, par exemple 00/03/1945."
LETTRES_AIDE = "Trois lettres au plus."


def _court(**attributs):
    return forms.TextInput(attrs={"class": "entree--court", "autocomplete": "off", **attributs})


class NaissanceField(forms.CharField):
    """A date as one types it; cleaned to a DateLue (what is unknown is kept)."""

    def __init__(self, **options):
        options.setdefault("widget", _court(inputmode="numeric"))
        super().__init__(max_length=20, help_text=DATE_AIDE, **options)

    def clean(self, value):
        texte = super().clean(value)
        if not texte:
            return None
        try:
            return identite.lire_naissance(texte, aujourd_hui=timezone.localdate())
        except identite.DateIllisible as erreur:
            raise ValidationError(str(erreur)) from None


class RechercheForm(forms.Form):
    """The reader types into the first field; else the birth date, then the letters."""

    scan = forms.CharField(
        label="Datamatrix INS",
        required=False,
        max_length=400,
        strip=False,
        help_text="Placez le curseur ici et lisez le code d’un document ou de la carte.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
    )
    naissance = NaissanceField(label="Date de naissance", required=False)
    nom = forms.CharField(
        label="Début du nom",
        required=False,
        max_length=criteres.LETTRES,
        help_text=f"De naissance ou utilisé. {LETTRES_AIDE}",
        widget=_court(),
    )
    prenom = forms.CharField(
        label="Début du prénom",
        required=False,
        max_length=criteres.LETTRES,
        help_text=LETTRES_AIDE,
        widget=_court(),
    )

    def clean_scan(self):
        texte = self.cleaned_data["scan"]
        if not texte.strip(" \t\r\n"):
            return None
        try:
            return datamatrix.lire(texte, accepte_test=settings.DEMONSTRATION)
        except datamatrix.DatamatrixIllisible as refus:
            raise ValidationError(str(refus)) from None

    def clean(self):
        donnees = super().clean()
        vide = not donnees.get("scan") and not donnees.get("naissance")
        if vide and not self.errors.keys() & {"scan", "naissance"}:
            self.add_error("naissance", "Donnez la date de naissance, ou lisez un datamatrix.")
        return donnees

    @property
    def criteres(self) -> criteres.Criteres:
        donnees = self.cleaned_data
        if lus := donnees.get("scan"):
            return criteres.du_datamatrix(lus)
        return criteres.de_la_saisie(donnees["naissance"], donnees["nom"], donnees["prenom"])


class CreationForm(forms.Form):
    """Five traits are asked for, nothing else is mandatory (RNIV, r. 5)."""

    nom_naissance = forms.CharField(label="Nom de naissance", max_length=100)
    premier_prenom = forms.CharField(label="Premier prénom de naissance", max_length=100)
    naissance = NaissanceField(label="Date de naissance")
    sexe = forms.ChoiceField(label="Sexe", choices=Sexe.choices, widget=forms.RadioSelect)
    lieu = forms.CharField(
        label="Lieu de naissance",
        max_length=100,
        help_text="Commune, pays si la naissance est à l’étranger, ou leur code ; « inconnu » "
        "sinon.",
    )
    lieu_choisi = forms.ChoiceField(
        label="Lequel de ces lieux ?", required=False, widget=forms.RadioSelect
    )
    prenoms = forms.CharField(
        label="Tous les prénoms de naissance",
        max_length=200,
        required=False,
        help_text="Dans l’ordre de l’état civil.",
    )
    nom_utilise = forms.CharField(label="Nom utilisé", max_length=100, required=False)
    prenom_utilise = forms.CharField(label="Prénom utilisé", max_length=100, required=False)
    entree_le = champs.jour("Entrée le", required=False)
    motif_homonyme = forms.CharField(
        label="Comment savez-vous que c’est une autre personne ?", max_length=80, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.propositions: list = []
        if choisi := self.data.get(self.add_prefix("lieu_choisi")):
            self.fields["lieu_choisi"].choices = [(choisi, choisi)]

    def clean_nom_naissance(self):
        return self._forme("nom_naissance", identite.nom_naissance_admis)

    def clean_premier_prenom(self):
        return self._forme("premier_prenom", identite.prenom_admis)

    def clean_prenoms(self):
        texte = self.cleaned_data["prenoms"]
        return self._forme("prenoms", identite.prenom_admis) if texte else ""

    def _forme(self, nom, admis) -> str:
        forme = identite.forme_ins(self.cleaned_data[nom])
        if not admis(forme):
            raise ValidationError("Lettres, tirets, apostrophes et espaces seulement.")
        return forme

    def clean(self):
        donnees = super().clean()
        premier, liste = donnees.get("premier_prenom"), donnees.get("prenoms")
        if premier and liste and not identite.premier_prenom_en_tete(premier, liste):
            self.add_error("premier_prenom", "Il commence la liste des prénoms de naissance.")
        if texte := donnees.get("lieu", ""):
            self._situer(donnees, texte.strip())
        return donnees

    def _situer(self, donnees, texte) -> None:
        """(code, name) of the place, at the birth; several of the same name are proposed."""
        lue = donnees.get("naissance")
        le = lue.date if lue else None
        if identite.forme_ins(texte) == "INCONNU" or texte == identite.COG_INCONNU:
            donnees["code"], donnees["commune"] = identite.COG_INCONNU, ""
        elif identite.cog_admis(texte.upper()):
            donnees["code"] = texte.upper()
            donnees["commune"] = lieux_naissance.libelle(texte.upper(), le)
        else:
            self._nommer(donnees, texte, le)

    def _nommer(self, donnees, texte, le) -> None:
        lieux = lieux_naissance.chercher(texte, le)
        choisi = next((x for x in lieux if x.code == donnees.get("lieu_choisi")), None)
        meme = [x for x in lieux if _cle(x.libelle) == _cle(texte)]
        if len(meme) == 1:
            choisi = choisi or meme[0]
        if choisi:
            donnees["code"], donnees["commune"] = choisi.code, choisi.libelle
        elif lieux:
            self.propositions = lieux
            self.fields["lieu_choisi"].choices = [
                (x.code, lieux_naissance.en_mots(x)) for x in lieux
            ]
            self.add_error("lieu", "Plusieurs lieux conviennent : choisissez ci-dessous.")
        else:
            self.add_error(
                "lieu", "Aucun lieu de ce nom : écrivez son code, le pays, ou « inconnu »."
            )

    @property
    def traits(self) -> dict:
        donnees = self.cleaned_data
        return {
            "nom_naissance": donnees["nom_naissance"],
            "premier_prenom": donnees["premier_prenom"],
            "prenoms": donnees["prenoms"] or donnees["premier_prenom"],
            "sexe": donnees["sexe"],
            "date_naissance": donnees["naissance"].date,
            "naissance_incomplete": donnees["naissance"].incomplete,
            "lieu_naissance_cog": donnees["code"],
            "commune_naissance": donnees["commune"],
            "nom_utilise": donnees["nom_utilise"],
            "prenom_utilise": donnees["prenom_utilise"],
        }


def _cle(texte: str) -> str:
    return identite.cle_comparaison(texte)
