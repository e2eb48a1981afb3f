from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone

from accompagnement import destinataires
from accompagnement.cibles import catalogue
from dui.socle import champs, codes

MOI = "moi"
TOUTES = ("", "Toutes")
JOURS_DU_LIEU = 7  # what the thread of a ward shows until one asks for more


class FilForm(forms.Form):
    """Filters of the thread, by GET: the address of a filtered thread can be kept or sent."""

    q = forms.CharField(
        label="Mots",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    cible = forms.ChoiceField(required=False)
    categorie = forms.ChoiceField(label="Catégorie", required=False)
    qui = forms.ChoiceField(label="Écrites par", required=False)
    importance = forms.ChoiceField(
        label="Lesquelles",
        required=False,
        choices=[TOUTES, ("importantes", "Importantes"), ("non_lues", "Non lues")],
    )
    du = champs.jour("Du", required=False)
    au = champs.jour("Au", required=False)

    def __init__(self, donnees, *, habilitation, **kwargs):
        super().__init__(donnees, **kwargs)
        self.habilitation = habilitation
        metiers = dict.fromkeys(nom for _, nom in destinataires.metiers(habilitation))
        self.fields["cible"].choices = [TOUTES, *codes.choix("cible_transmission")]
        self.fields["categorie"].choices = [TOUTES, *codes.choix("categorie_transmission")]
        self.fields["qui"].choices = [("", "Tous"), (MOI, "Moi"), *((m, m) for m in metiers)]

    def filtrer(self, requete):
        if not self.is_valid():
            return requete
        choisi = self.cleaned_data
        if choisi["q"]:
            requete = requete.disant(choisi["q"])
        if choisi["cible"]:
            requete = requete.filter(cible=choisi["cible"])
        if choisi["categorie"]:
            requete = requete.filter(cible__in=catalogue.cibles_de(choisi["categorie"]))
        if choisi["qui"] == MOI:
            requete = requete.filter(auteur=self.habilitation.compte)
        elif choisi["qui"]:
            requete = requete.filter(fonction=choisi["qui"])
        if choisi["importance"] == "importantes":
            requete = requete.importantes()
        elif choisi["importance"]:
            requete = requete.importantes().non_lues(self.habilitation)
        return self._entre(requete, choisi)

    def _entre(self, requete, choisi):
        if choisi["du"]:
            requete = requete.filter(survenu_le__gte=_instant(choisi["du"], time.min))
        if choisi["au"]:
            requete = requete.filter(survenu_le__lte=_instant(choisi["au"], time.max))
        return requete

    @property
    def actifs(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


class FilDuLieuForm(FilForm):
    """Bounded by when it was written, which is how a ward reads; a week unless asked otherwise."""

    def __init__(self, donnees, **kwargs):
        if "du" not in donnees:
            donnees = donnees.copy()
            depuis = timezone.localdate() - timedelta(days=JOURS_DU_LIEU)
            donnees["du"] = f"{depuis:%d/%m/%Y}"
        super().__init__(donnees, **kwargs)

    @property
    def depuis(self):
        """Since when; the whole past when the day is left out."""
        du = self.cleaned_data["du"] if self.is_valid() else None
        return _instant(du or timezone.localdate() - timedelta(days=36500), time.min)

    def _entre(self, requete, choisi):
        if choisi["au"]:
            requete = requete.filter(ecrit_le__lte=_instant(choisi["au"], time.max))
        return requete


def _instant(jour, heure):
    return timezone.make_aware(datetime.combine(jour, heure))
