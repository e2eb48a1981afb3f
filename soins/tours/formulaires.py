"""The forms of the round. That of a whole round has two fields for each act it shows: an act that
the page did not show is never validated by it."""

from datetime import time
from uuid import uuid4

from django import forms
from django.utils import timezone

from dui.socle import champs, codes
from soins.models import ActePlanifie
from soins.tours import listes

COMME_PREVU = ""
PRECISION = "Écrivez en quelques mots ce qui s’est passé."


def choix_ordinaires() -> list[tuple[str, str]]:
    ecarts = codes.choix("ecart_acte")
    return [(COMME_PREVU, "Prévu"), *ecarts, (listes.PLUS_TARD, "Plus tard")]


def choix_un_par_un() -> list[tuple[str, str]]:
    return [(COMME_PREVU, "À noter"), (listes.FAIT, "Fait"), *codes.choix("ecart_acte")]


class TourForm(forms.Form):
    heure = champs.Heure(label="Fait vers")
    transmettre = forms.BooleanField(
        label="Écrire une transmission pour chaque écart", required=False, initial=True
    )
    cle_saisie = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args, tour, seulement="", **kwargs):
        super().__init__(*args, **kwargs)
        self.tour, self.seulement = tour, seulement
        self.fields["heure"].initial = self._heure()
        ordinaires, un_par_un = choix_ordinaires(), choix_un_par_un()
        self.individuels = set()
        for ligne in tour.lignes:
            for acte in self._montres(ligne):
                individuel = bool(ligne.absence) or listes.un_par_un(acte.code)
                if individuel:
                    self.individuels.add(acte.pk)
                self.fields[f"e_{acte.pk}"] = forms.ChoiceField(
                    choices=un_par_un if individuel else ordinaires, required=False
                )
                self.fields[f"p_{acte.pk}"] = forms.CharField(required=False, max_length=300)
                self._nommer(ligne, acte)

    def _nommer(self, ligne, acte) -> None:
        """In the draft read without its page."""
        for nom, suite in (("e", ""), ("p", ", précision")):
            champ = self.fields[f"{nom}_{acte.pk}"]
            champ.label = f"{ligne.dossier.usager.nom_affiche}, {listes.court(acte.code)}{suite}"
            champ.dossier = ligne.dossier.pk

    def _montres(self, ligne) -> list[ActePlanifie]:
        """What is to be written, and what the page sent although a colleague wrote it meanwhile."""
        deja = [a for a, r in ligne.actes if r and f"e_{a.pk}" in self.data]
        return [*ligne.a_noter, *deja]

    def _heure(self) -> str:
        """Now during the round, its end when it is over: to be corrected by who was there."""
        return f"{timezone.localtime(min(timezone.now(), self.tour.fin)):%H:%M}"

    @property
    def noms(self) -> list[str]:
        return [nom for nom in self.fields if nom[:2] in ("e_", "p_")]

    def clean(self):
        donnees = super().clean()
        for nom in (n for n in self.fields if n.startswith("e_") and n in self.data):
            precision = f"p_{nom[2:]}"
            if listes.texte_requis(donnees.get(nom, "")) and not donnees.get(precision):
                self.add_error(precision, PRECISION)
        return donnees

    @property
    def lignes(self) -> dict[int, tuple[str, str]]:
        """{act: (departure or « fait », detail)}: what this gesture says, and nothing it did not
        show. « Prévu » is done, unless the act is signed one by one."""
        dites = {}
        for ligne in self.tour.lignes:
            if self.seulement and str(ligne.dossier.pk) != self.seulement:
                continue
            for acte in self._montres(ligne):
                if f"e_{acte.pk}" not in self.data:
                    continue
                valeur = self.cleaned_data[f"e_{acte.pk}"]
                if valeur == COMME_PREVU and acte.pk not in self.individuels:
                    valeur = listes.FAIT
                if valeur not in (COMME_PREVU, listes.PLUS_TARD):
                    dites[acte.pk] = valeur, self.cleaned_data[f"p_{acte.pk}"]
        return dites

    @property
    def fait_le(self):
        heures, minutes = self.cleaned_data["heure"]
        naif = self.tour.moment.a_l_heure(self.tour.jour, time(heures, minutes))
        return champs.moment(naif.date(), naif.hour, naif.minute)


class CorrectionForm(forms.Form):
    ecart = forms.ChoiceField(label="Ce qui s’est passé", widget=forms.RadioSelect)
    precision = forms.CharField(label="Précision", required=False, max_length=300)
    fait_le = champs.instant("Fait le")
    motif = forms.CharField(label="Motif de la correction", max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)
    cle_saisie = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args, realise, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ecart"].choices = [(listes.FAIT, "Fait"), *codes.choix("ecart_acte")]
        self.initial = {
            "ecart": realise.motif or listes.FAIT,
            "precision": realise.precision,
            "fait_le": timezone.localtime(realise.fait_le),
            "version": realise.version,
        } | self.initial


PLANIFIE = ("code", "consigne", "aide", "objectif", "moments", "jours", "debut", "fin")
JOURS = [(1, "Lun."), (2, "Mar."), (3, "Mer."), (4, "Jeu."), (5, "Ven."), (6, "Sam."), (7, "Dim.")]


class PlanForm(forms.Form):
    code = forms.ChoiceField(label="Acte")
    consigne = forms.CharField(
        required=False,
        max_length=200,
        help_text="Ce qu’un remplaçant doit savoir : « fait seule le haut du corps ».",
    )
    aide = forms.ChoiceField(label="Aide", required=False)
    moments = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    jours = forms.TypedMultipleChoiceField(
        choices=JOURS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    debut = champs.jour("À partir du")
    fin = champs.jour("Jusqu’au", required=False, help_text="Vide : sans terme.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, acte=None, objectifs=(), **kwargs):
        super().__init__(*args, **kwargs)
        if objectifs:  # who does not read the project leaves what is linked as it is
            self._relier(acte, objectifs)
        self.fields["code"].choices = [("", "Choisir…"), *codes.choix("acte_quotidien")]
        self.fields["aide"].choices = [("", "Sans précision"), *ActePlanifie.Aide.choices]
        self.fields["moments"].choices = codes.choix("moment_journee")
        noms = (*PLANIFIE, "version")
        acte = acte or ActePlanifie(moments=[])
        self.initial = {n: getattr(acte, n) for n in noms} | self.initial

    def _relier(self, acte, objectifs):
        choix = [("", "Aucun"), *objectifs]
        if acte and acte.objectif not in dict(choix):
            choix.append((acte.objectif, "Un objectif qui n’est plus vécu"))
        self.fields["objectif"] = forms.ChoiceField(
            label="Objectif servi",
            required=False,
            choices=choix,
            help_text="Ce que les tours en notent se lira avec l’objectif, pour ou contre.",
        )

    def clean(self):
        donnees = super().clean()
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return donnees

    @property
    def plan(self) -> dict:
        return {n: self.cleaned_data[n] for n in PLANIFIE if n in self.cleaned_data}
