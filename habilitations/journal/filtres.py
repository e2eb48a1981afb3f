"""Filters of the three journals, by GET: a filtered page can be kept or printed."""

from datetime import datetime, time

from django import forms
from django.db.models import Q
from django.utils import timezone

from dui.socle import champs
from dui.socle.enums import Bloc
from dui.socle.models import Compte
from dui.socle.models.journal import A_SURVEILLER

HOMONYMES_MAX = 500
LECTURES = Q(action__in=("voir", "resume", "lister"))
SAISIES = Q(action__in=("saisir", "valider", "prescrire"))
COPIES = Q(action__in=("imprimer", "exporter", "telecharger"))
REFUS = Q(action="refus")
BRIS = Q(titre_acces="bris_de_glace") | Q(bloc=Bloc.BDG)
ECHECS = Q(action="connexion_refusee")
SESSIONS = ECHECS | Q(action__in=("connexion", "deconnexion", "verrouillage", "deverrouillage"))
GENRES = {
    "lectures": ("Lectures", LECTURES),
    "saisies": ("Saisies", SAISIES),
    "copies": ("Impressions, exports, téléchargements", COPIES),
    "refus": ("Accès refusés", REFUS),
    "bris": ("Bris de glace", BRIS),
    "sessions": ("Connexions", SESSIONS),
    "echecs": ("Échecs de connexion", ECHECS),
    "autres": ("Autres actes", A_SURVEILLER & ~(COPIES | REFUS | BRIS | ECHECS)),
}


class FiltresForm(forms.Form):
    """`genres` and `garde` (fields): what makes sense on the page."""

    genres: tuple[str, ...] = ()
    garde: tuple[str, ...] = ()

    personne = forms.CharField(label="Qui", required=False, max_length=60)
    genre = forms.ChoiceField(label="Quoi", required=False)
    bloc = forms.ChoiceField(
        label="Partie du dossier", required=False, choices=[("", "Toutes"), *Bloc.choices]
    )
    du = champs.jour("Du", required=False)
    au = champs.jour("Au", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["genre"].choices = [("", "Tout"), *((g, GENRES[g][0]) for g in self.genres)]
        for nom in set(self.fields) - set(self.garde):
            del self.fields[nom]

    def clean(self):
        choisi = super().clean()
        if choisi.get("du") and choisi.get("au") and choisi["au"] < choisi["du"]:
            self.add_error("au", "La fin précède le début.")
        return choisi

    def filtrer(self, requete):
        """Nothing rather than everything when the filters are not understood."""
        if not self.is_valid():
            return requete.none()
        choisi = self.cleaned_data
        if mots := choisi.get("personne", "").split():
            requete = requete.filter(acteur__in=_comptes(mots))
        if choisi["genre"]:
            requete = requete.filter(GENRES[choisi["genre"]][1])
        if bloc := choisi.get("bloc"):
            requete = requete.filter(bloc=bloc)
        if choisi["du"]:
            requete = requete.filter(horodatage__gte=_instant(choisi["du"], time.min))
        if choisi["au"]:
            requete = requete.filter(horodatage__lte=_instant(choisi["au"], time.max))
        return requete

    @property
    def actifs(self) -> bool:
        return not self.is_valid() or any(self.cleaned_data.values())


def _comptes(mots) -> list[int]:
    """Read first: with the keys themselves, PostgreSQL keeps to the index of the record."""
    comptes = Compte.objects.all()
    for mot in mots:
        comptes = comptes.filter(
            Q(first_name__icontains=mot) | Q(last_name__icontains=mot) | Q(username__iexact=mot)
        )
    return list(comptes.order_by("pk").values_list("pk", flat=True)[:HOMONYMES_MAX])


def _instant(jour, heure):
    return timezone.make_aware(datetime.combine(jour, heure))


class FiltresDuDossier(FiltresForm):
    genres = ("lectures", "saisies", "copies", "refus", "bris", "autres")
    garde = ("personne", "genre", "bloc", "du", "au")


class FiltresDesMaisons(FiltresForm):
    genres = ("refus", "bris", "copies", "echecs", "autres")
    garde = ("personne", "genre", "du", "au")


class MesFiltres(FiltresForm):
    genres = ("lectures", "saisies", "copies", "refus", "bris", "sessions")
    garde = ("genre", "bloc", "du", "au")
