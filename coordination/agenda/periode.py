"""The days that an agenda shows, and the links to those before and after."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateformat import format as en_lettres
from django.utils.http import urlencode

from dui.socle.identifiants import lire_jour

JOUR, SEMAINE, MOIS = "jour", "semaine", "mois"
VUES = {JOUR: "Jour", SEMAINE: "Semaine", MOIS: "Mois"}


@dataclass(frozen=True)
class Periode:
    vue: str
    jour: date

    @property
    def jours(self) -> list[date]:
        premier, dernier = self.bornes
        return [premier + timedelta(days=n) for n in range((dernier - premier).days + 1)]

    @property
    def bornes(self) -> tuple[date, date]:
        """First and last days; a month begins on the Monday of its first week."""
        if self.vue == JOUR:
            return self.jour, self.jour
        if self.vue == SEMAINE:
            lundi = self.jour - timedelta(days=self.jour.weekday())
            return lundi, lundi + timedelta(days=6)
        premier = self.jour.replace(day=1)
        dernier = premier.replace(day=monthrange(premier.year, premier.month)[1])
        return (
            premier - timedelta(days=premier.weekday()),
            dernier + timedelta(days=6 - dernier.weekday()),
        )

    @property
    def instants(self) -> tuple[datetime, datetime]:
        premier, dernier = self.bornes
        fuseau = timezone.get_current_timezone()
        return (
            datetime.combine(premier, time(0), tzinfo=fuseau),
            datetime.combine(dernier + timedelta(days=1), time(0), tzinfo=fuseau),
        )

    @property
    def titre(self) -> str:
        if self.vue == JOUR:
            nom = en_lettres(self.jour, "l").capitalize()
            return f"{nom} {_quantieme(self.jour)} {self.jour.year}"
        if self.vue == SEMAINE:
            premier, dernier = self.bornes
            debut = str(premier.day) if premier.month == dernier.month else _quantieme(premier)
            return f"Semaine du {debut} au {_quantieme(dernier)} {dernier.year}"
        return en_lettres(self.jour, "F Y").capitalize()

    def voisine(self, sens: int) -> date:
        if self.vue == JOUR:
            return self.jour + timedelta(days=sens)
        if self.vue == SEMAINE:
            return self.jour + timedelta(days=7 * sens)
        premier = self.jour.replace(day=1)
        return (
            (premier + timedelta(days=31)).replace(day=1)
            if sens > 0
            else (premier - timedelta(days=1)).replace(day=1)
        )


def _quantieme(jour: date) -> str:
    return f"{'1er' if jour.day == 1 else jour.day} {en_lettres(jour, 'F')}"


def demandee(request, *, defaut=SEMAINE) -> Periode:
    vue = request.GET.get("vue", "")
    jour = lire_jour(request.GET.get("jour")) or timezone.localdate()
    return Periode(vue if vue in VUES else defaut, jour)


def navigation(periode: Periode, **autres) -> dict:
    """Links of the head of the page; `autres` are the other filters to keep."""

    def vers(jour, vue=periode.vue):
        return "?" + urlencode({"vue": vue, "jour": jour.isoformat()} | autres)

    return {
        "avant": vers(periode.voisine(-1)),
        "apres": vers(periode.voisine(1)),
        "aujourdhui": f"{vers(timezone.localdate())}#aujourdhui",
        "vues": [
            {"libelle": mot, "url": vers(periode.jour, vue), "courant": vue == periode.vue}
            for vue, mot in VUES.items()
        ],
    }
