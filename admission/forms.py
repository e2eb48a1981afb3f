from django import forms

from admission.importation.colonnes import COLONNES, defauts
from admission.importation.lecture import TAILLE_MAXIMALE
from dui.socle.enums import Action, Bloc

TROP_GROS = f"Le fichier dépasse {TAILLE_MAXIMALE // 2**20} Mo."


class DepotForm(forms.Form):
    etablissement = forms.ModelChoiceField(None, label="Établissement", empty_label=None)
    fichier = forms.FileField(
        label="Fichier",
        help_text="Classeur .xlsx ou texte .csv, 25 Mo et 50 000 lignes au plus. "
        "La première feuille est lue.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": "Choisissez un fichier."},
    )

    def __init__(self, *args, habilitation, ici=None, trop_gros=False, **kwargs):
        super().__init__(*args, **kwargs)
        if trop_gros:  # cut while it came: the form received no file at all
            self.fields["fichier"].error_messages["required"] = TROP_GROS
        lieux = habilitation.etablissements(Bloc.ADM, Action.SAISIR).order_by("nom", "pk")
        self.fields["etablissement"].queryset = lieux
        self.fields["etablissement"].initial = ici if ici in lieux else lieux.first()

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAXIMALE:
            raise forms.ValidationError(TROP_GROS)
        return fichier


class CorrespondanceForm(forms.Form):
    """One choice per column of the file, filled with the guess."""

    def __init__(self, *args, apercu, propositions, **kwargs):
        super().__init__(*args, **kwargs)
        for colonne in apercu:
            champ = forms.ChoiceField(
                label=f"« {colonne['titre']} »",
                choices=_choix(),
                required=False,
                initial=propositions.get(colonne["rang"], ""),
                widget=forms.Select(attrs={"class": "entree"}),
            )
            self.fields[f"colonne_{colonne['rang']}"] = champ

    @property
    def colonnes_choisies(self) -> dict[int, str]:
        return {
            int(nom.removeprefix("colonne_")): code
            for nom, code in self.cleaned_data.items()
            if code
        }

    def clean(self):
        super().clean()
        if not self.errors:
            for defaut in defauts(self.colonnes_choisies):
                self.add_error(None, defaut)


def _choix():
    """Grouped as in colonnes.json; a mandatory column says so."""
    groupes: dict[str, list] = {}
    for c in COLONNES.values():
        libelle = f"{c.libelle} (obligatoire)" if c.obligatoire else c.libelle
        groupes.setdefault(c.groupe, []).append((c.code, libelle))
    return [("", "Ne pas importer"), *groupes.items()]


class OptionsForm(forms.Form):
    creer_lieux = forms.BooleanField(
        label="Créer les unités et les chambres qui n’existent pas", required=False
    )
    completer = forms.BooleanField(
        label="Compléter les dossiers déjà présents",
        help_text="Remplit ce qui est vide, ne remplace rien.",
        required=False,
    )
    creer_doublons = forms.BooleanField(
        label="Accepter les doublons probables",
        help_text="Les personnes créées sont marquées homonymes.",
        required=False,
    )
    quarantaine = forms.BooleanField(
        label="Confier les identités douteuses à la cellule d’identitovigilance",
        help_text="Elles attendent en quarantaine : la cellule les compare et décide.",
        required=False,
    )
    lignes_valables = forms.BooleanField(
        label="Importer les lignes valables même si d’autres sont rejetées",
        help_text="Sinon, une seule ligne rejetée et rien n’est importé.",
        required=False,
    )
