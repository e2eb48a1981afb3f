"""The forms of meals. That of a service has two fields for each person it shows: somebody whom the
page did not show is never noted by it."""

from uuid import uuid4

from django import forms
from django.utils import timezone

from accompagnement.repas import listes, titres
from accompagnement.repas.services import PRECISION
from dui.socle import champs, codes
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.refus import refuser

COMME_PREVU = ""


def choix_ordinaires() -> list[tuple[str, str]]:
    ecarts = codes.choix("ecart_repas")
    return [(COMME_PREVU, "A mangé"), *ecarts, (listes.PLUS_TARD, "Plus tard")]


def choix_a_part() -> list[tuple[str, str]]:
    return [(COMME_PREVU, "À noter"), (listes.PRIS, "A mangé"), *codes.choix("ecart_repas")]


class ServiceForm(forms.Form):
    transmettre = forms.BooleanField(
        label="Écrire une transmission pour chaque repas refusé ou non pris",
        required=False,
        initial=True,
    )
    cle_saisie = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args, service, **kwargs):
        super().__init__(*args, **kwargs)
        self.a_part, self.sejours = set(), {}
        for c in service.convives:
            nom = f"e_{c.sejour.pk}"
            if not c.a_noter and nom not in self.data:
                continue
            self.sejours[nom] = c.sejour.pk
            if c.un_par_un:
                self.a_part.add(nom)
            choix = choix_a_part() if c.un_par_un else choix_ordinaires()
            self.fields[nom] = forms.ChoiceField(choices=choix, required=False)
            self.fields[f"p_{c.sejour.pk}"] = forms.CharField(required=False, max_length=300)
            self._nommer(c)

    def _nommer(self, convive) -> None:
        """In the draft read without its page."""
        for nom, suite in (("e", ""), ("p", ", précision")):
            champ = self.fields[f"{nom}_{convive.sejour.pk}"]
            champ.label = f"{convive.dossier.usager.nom_affiche}{suite}"
            champ.dossier = convive.dossier.pk

    @property
    def noms(self) -> list[str]:
        return [nom for nom in self.fields if nom[:2] in ("e_", "p_")]

    def clean(self):
        donnees = super().clean()
        for nom, pk in self.sejours.items():
            if listes.texte_requis(donnees.get(nom, "")) and not donnees.get(f"p_{pk}"):
                self.add_error(f"p_{pk}", PRECISION)
        return donnees

    @property
    def lignes(self) -> dict:
        """{stay: (departure or « pris », detail)}: what this gesture says, and no more."""
        dites = {}
        for nom, pk in self.sejours.items():
            if nom not in self.data:
                continue
            valeur = self.cleaned_data[nom]
            if valeur == COMME_PREVU and nom not in self.a_part:
                valeur = listes.PRIS
            if valeur not in (COMME_PREVU, listes.PLUS_TARD):
                dites[pk] = valeur, self.cleaned_data[f"p_{pk}"]
        return dites


class CorrectionForm(forms.Form):
    ecart = forms.ChoiceField(label="Ce qui s’est passé", widget=forms.RadioSelect)
    precision = forms.CharField(label="Précision", required=False, max_length=300)
    motif = forms.CharField(label="Motif de la correction", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)
    cle_saisie = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args, servi, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ecart"].choices = [(listes.PRIS, "A mangé"), *codes.choix("ecart_repas")]
        self.initial = {
            "ecart": servi.motif or listes.PRIS,
            "precision": servi.precision,
            "version": servi.version,
        } | self.initial


class AlimentationForm(forms.Form):
    texture = forms.ChoiceField(label="Texture des repas", widget=forms.RadioSelect)
    boisson = forms.ChoiceField(label="Boissons", widget=forms.RadioSelect)
    regimes = forms.MultipleChoiceField(
        label="Régimes", required=False, widget=forms.CheckboxSelectMultiple
    )
    consigne = forms.CharField(
        label="Consigne à table",
        required=False,
        max_length=200,
        help_text="Ce qu’un remplaçant doit savoir : « assise bien droite, petites cuillères ».",
    )
    debut = champs.jour("À partir du")
    motif = forms.CharField(
        label="Pourquoi ce changement",
        max_length=200,
        help_text="Prescription, bilan de l’orthophoniste, choix de la personne…",
    )
    cle_saisie = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    lue = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, actuelle=None, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, liste in (
            ("texture", "texture_repas"),
            ("boisson", "texture_boisson"),
            ("regimes", "regime_alimentaire"),
        ):
            self.fields[nom].choices = codes.choix(liste)
        lus = {"debut": timezone.localdate()}
        if actuelle:
            lus |= {n: getattr(actuelle, n) for n in ("texture", "boisson", "regimes", "consigne")}
            lus["lue"] = actuelle.pk
        self.initial = lus | self.initial

    def refuser(self, erreur):
        """What a colleague wrote is said: the next save is a choice."""
        if isinstance(erreur, ConflitDeVersion):
            self.data = self.data.copy()
            self.data["lue"] = str(erreur.actuel.pk)
            erreur = ConflitDeVersion(titres.du_regime(erreur), actuel=erreur.actuel)
        refuser(self, erreur)


class InvitesForm(forms.Form):
    """One number for each meal of the day."""

    def __init__(self, *args, deja, **kwargs):
        super().__init__(*args, **kwargs)
        for code, repas in listes.repas().items():
            self.fields[code] = forms.IntegerField(
                label=repas.libelle,
                min_value=0,
                max_value=99,
                initial=deja.get(code, 0),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
