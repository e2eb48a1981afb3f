from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from administratif import regles
from administratif.enums import ModeSortie
from dui.socle import codes, identite
from dui.socle.champs import jour
from dui.socle.enums import Civilite, Sexe
from habilitations.conflits import FormulaireVersionne

CIVILITES = [("", "Non renseignée"), *Civilite.choices]


def motif(label="Motif") -> forms.CharField:
    champ = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=100, widget=champ)


class TelephoneField(forms.CharField):
    def __init__(self, **options):
        widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **options)

    def clean(self, value):
        try:
            return regles.telephone(super().clean(value))
        except ValueError as erreur:
            raise ValidationError(str(erreur)) from None


class ContactForm(FormulaireVersionne):
    civilite = forms.ChoiceField(label="Civilité", choices=CIVILITES, required=False)
    prenom = forms.CharField(label="Prénom", max_length=100, required=False)
    nom = forms.CharField(label="Nom", max_length=100)
    relation = forms.ChoiceField(label="Lien avec la personne", required=False)
    role = forms.ChoiceField(label="Rôle")
    telephone = TelephoneField(label="Téléphone")
    telephone_2 = TelephoneField(label="Autre téléphone")
    disponibilite = forms.CharField(
        label="Quand appeler",
        max_length=100,
        required=False,
        help_text="Par exemple « jour et nuit » ou « avant 22:00 ».",
    )
    courriel = forms.EmailField(label="Courriel", required=False)
    adresse = forms.CharField(label="Adresse", max_length=200, required=False)
    code_postal = forms.CharField(label="Code postal", max_length=10, required=False)
    ville = forms.CharField(label="Ville", max_length=100, required=False)
    personne_confiance = forms.BooleanField(
        label="Personne de confiance désignée par écrit", required=False
    )
    representant_legal = forms.BooleanField(label="Représentant légal", required=False)
    commentaire = forms.CharField(label="À savoir", max_length=300, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A code no longer in the list stays selectable for the row that holds it.
        for nom, liste, vide in (
            ("role", "role_contact", []),
            ("relation", "relation_contact", [("", "Non renseigné")]),
        ):
            choix = [*vide, *codes.choix(liste)]
            actuel = getattr(self.objet, nom, "")
            if actuel and actuel not in dict(choix):
                choix.append((actuel, codes.libelle(liste, actuel)))
            self.fields[nom].choices = choix

    def clean(self):
        donnees = super().clean()
        joignable = any(donnees.get(n) for n in ("telephone", "telephone_2", "courriel", "adresse"))
        if not joignable and not self.errors.keys() & {"telephone", "telephone_2", "courriel"}:
            self.add_error("telephone", "Notez au moins un moyen de joindre cette personne.")
        return donnees


class RetraitForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    motif = motif()


class UsageForm(FormulaireVersionne):
    civilite = forms.ChoiceField(label="Civilité", choices=CIVILITES, required=False)
    nom_utilise = forms.CharField(
        label="Nom utilisé",
        max_length=100,
        required=False,
        help_text="S’il diffère du nom de naissance : nom d’époux ou d’épouse, nom d’usage.",
    )
    prenom_utilise = forms.CharField(label="Prénom utilisé", max_length=100, required=False)
    telephone = TelephoneField(label="Téléphone de la personne")
    courriel = forms.EmailField(label="Courriel", required=False)
    langue = forms.CharField(label="Langue parlée", max_length=60, required=False)
    nationalite = forms.CharField(label="Nationalité", max_length=60, required=False)
    situation_familiale = forms.CharField(
        label="Situation familiale", max_length=40, required=False
    )


class TraitsForm(FormulaireVersionne):
    nom_naissance = forms.CharField(label="Nom de naissance", max_length=100)
    prenoms = forms.CharField(
        label="Prénoms de naissance",
        max_length=200,
        help_text="Tous, dans l’ordre de l’état civil.",
    )
    premier_prenom = forms.CharField(label="Premier prénom de naissance", max_length=100)
    sexe = forms.ChoiceField(label="Sexe", choices=Sexe.choices, widget=forms.RadioSelect)
    naissance = forms.CharField(
        label="Date de naissance",
        max_length=20,
        help_text="JJ/MM/AAAA ; ce qui est inconnu s’écrit 00, par exemple 00/03/1945.",
        widget=forms.TextInput(attrs={"class": "entree--court", "inputmode": "numeric"}),
    )
    lieu_naissance_cog = forms.CharField(
        label="Code du lieu de naissance",
        max_length=5,
        help_text="Code officiel géographique de la commune, ou du pays ; 99999 si inconnu.",
        widget=forms.TextInput(attrs={"class": "entree--court"}),
    )
    commune_naissance = forms.CharField(label="Lieu de naissance", max_length=100, required=False)
    motif = motif("D’où vient la correction")
    confirmer = forms.BooleanField(
        label="Je confirme que l’identité redevient provisoire et que l’INS est retirée",
        required=False,
    )

    def valeurs(self, objet):
        lue = identite.DateLue(objet.date_naissance, objet.naissance_incomplete)
        return super().valeurs(objet) | {"naissance": ecrire_naissance(lue)}

    def bruts(self, valeurs):
        lue = valeurs.get("naissance")
        if isinstance(lue, identite.DateLue):
            valeurs = valeurs | {"naissance": ecrire_naissance(lue)}
        return super().bruts(valeurs)

    def clean_nom_naissance(self):
        return self._forme("nom_naissance", identite.nom_naissance_admis)

    def clean_prenoms(self):
        return self._forme("prenoms", identite.prenom_admis)

    def clean_premier_prenom(self):
        return self._forme("premier_prenom", identite.prenom_admis)

    def _forme(self, nom, admis) -> str:
        forme = identite.forme_ins(self.cleaned_data[nom])
        if not admis(forme):
            raise ValidationError("Lettres, tirets, apostrophes et espaces seulement.")
        return forme

    def clean_lieu_naissance_cog(self):
        code = self.cleaned_data["lieu_naissance_cog"].strip().upper()
        if not identite.cog_admis(code):
            raise ValidationError("Cinq caractères : 49328, 2A004, 99350 ; 99999 si inconnu.")
        return code

    def clean_naissance(self):
        try:
            lue = identite.lire_naissance(
                self.cleaned_data["naissance"], aujourd_hui=timezone.localdate()
            )
        except identite.DateIllisible as erreur:
            raise ValidationError(str(erreur)) from None
        return lue

    def clean(self):
        donnees = super().clean()
        premier, liste = donnees.get("premier_prenom"), donnees.get("prenoms")
        if premier and liste and not identite.premier_prenom_en_tete(premier, liste):
            self.add_error("premier_prenom", "Il commence la liste des prénoms de naissance.")
        return donnees

    @property
    def champs(self):
        champs = dict(super().champs)
        naissance = champs.pop("naissance")
        return champs | {
            "date_naissance": naissance.date,
            "naissance_incomplete": naissance.incomplete,
        }


def ecrire_naissance(lue: identite.DateLue) -> str:
    """As one types it again: 00 for what is unknown."""
    return {
        "": f"{lue.date:%d/%m/%Y}",
        "jour": f"00/{lue.date:%m/%Y}",
        "mois": f"{lue.date:%d}/00/{lue.date:%Y}",
        "jour_mois": f"00/00/{lue.date:%Y}",
        "annee": f"vers {lue.date:%Y}",
    }[lue.incomplete]


class GirForm(forms.Form):
    gir = forms.TypedChoiceField(
        label="GIR",
        coerce=int,
        choices=[(n, f"GIR {n}") for n in range(1, 7)],
        widget=forms.RadioSelect,
    )
    gir_le = jour("Évalué le", initial=timezone.localdate)
    gir_lu = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PlaceForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.ModelChoiceField(label="Place libre", queryset=None, empty_label="Choisir…")
    le = jour("À partir du", initial=timezone.localdate)

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places
        self.fields["place"].label_from_instance = lambda p: f"{p.unite}, chambre {p}"


class SortieForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    le = jour("Date de sortie", initial=timezone.localdate)
    mode = forms.ChoiceField(
        label="Motif de sortie", choices=ModeSortie.choices, widget=forms.RadioSelect
    )
