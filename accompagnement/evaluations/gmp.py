"""The GMP of a house at a date, and month by month: computed from what is known, never stored.

It only ever gives numbers: who reads indicators need not read the evaluations of anybody.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur.gmp import gmp, gmps
from accompagnement.models import Evaluation, PmpValide
from dui.socle import graphes
from dui.socle.models import Dossier, Sejour

MOIS = 12
SANS_UNITE = "Sans unité"
GirConnus = Mapping[object, list[tuple[date, int]]]


@dataclass(frozen=True)
class Ligne:
    """The GMP of a unit, or of the whole house, at a date."""

    libelle: str
    presents: int
    effectifs: Mapping[int, int]
    trop_jeunes: int
    sans_gir: int
    gmp: Decimal | None

    @property
    def classes(self) -> int:
        return sum(self.effectifs.values())

    @property
    def par_gir(self) -> list[int]:
        return [self.effectifs.get(g, 0) for g in range(1, 7)]


@dataclass(frozen=True)
class Tableau:
    le: date
    unites: list[Ligne]
    total: Ligne
    mois: list[tuple[date, Ligne]]
    pmp: PmpValide | None
    gmps: Decimal | None

    @property
    def courbe(self):
        points = [(le, float(x.gmp)) for le, x in self.mois if x.gmp is not None]
        return graphes.courbe(points, titre="GMP, douze mois", decimales=0)


def tableau(etablissement, le: date | None = None) -> Tableau:
    """Six queries, whatever the number of persons and of months."""
    le = le or timezone.localdate()
    dates = [*_fins_de_mois(le), le]
    sejours = _sejours(etablissement, dates[0], le)
    girs = _girs_connus({s.dossier_id for s in sejours})
    par_unite = defaultdict(list)
    for sejour in sejours:
        nom = sejour.unite.nom if sejour.unite else SANS_UNITE
        par_unite[(sejour.unite.ordre if sejour.unite else 999, nom)].append(sejour)
    unites = [_ligne(nom, siens, girs, le) for (_, nom), siens in sorted(par_unite.items())]
    total = _ligne(etablissement.nom, sejours, girs, le)
    pmp = _pmp(etablissement, le)
    return Tableau(
        le=le,
        unites=[u for u in unites if u.presents],
        total=total,
        mois=[(d, _ligne(etablissement.nom, sejours, girs, d)) for d in dates],
        pmp=pmp,
        gmps=gmps(catalogue.donnees("gmp"), total.gmp, pmp.valeur if pmp else None),
    )


def _fins_de_mois(le: date) -> list[date]:
    """The last days of the eleven months before, the oldest first."""
    premier = le.replace(day=1)
    return [
        premier - relativedelta(months=n) - timedelta(days=1) for n in reversed(range(MOIS - 1))
    ]


def _sejours(etablissement, debut: date, fin: date) -> list[Sejour]:
    sejours = Sejour.objects.filter(etablissement=etablissement, entree_le__lte=fin)
    encore = sejours.exclude(sortie_le__lt=debut)
    return list(encore.select_related("unite", "dossier__usager").order_by("entree_le", "pk"))


def _girs_connus(dossiers: set) -> GirConnus:
    """{record: [(date of the evaluation, GIR)]}: what was noted, then what was validated."""
    ids = list(dossiers)
    connus: dict = defaultdict(dict)
    notes = Dossier.history.filter(id__in=ids, gir__isnull=False, gir_le__isnull=False)
    for pk, le, gir in notes.order_by("history_date").values_list("id", "gir_le", "gir"):
        connus[pk][le] = gir
    actuels = Dossier.objects.filter(pk__parmi=ids, gir__isnull=False, gir_le__isnull=False)
    for pk, le, gir in actuels.values_list("pk", "gir_le", "gir"):
        connus[pk][le] = gir
    aggir = Evaluation.objects.des_dossiers(ids).en_vigueur().de_la_grille("aggir")
    for pk, faite_le, score in aggir.order_by("faite_le").values_list(
        "dossier_id", "faite_le", "score"
    ):
        connus[pk][timezone.localdate(faite_le)] = int(score)
    return {pk: sorted(valeurs.items()) for pk, valeurs in connus.items()}


def _ligne(libelle: str, sejours: list[Sejour], girs: GirConnus, le: date) -> Ligne:
    regles = catalogue.donnees("gmp")
    ici = {s.dossier_id: s.dossier.usager for s in sejours if s.est_en_cours(le)}
    effectifs: Counter[int] = Counter()
    trop_jeunes = sans_gir = 0
    for dossier_id, usager in ici.items():
        gir = _gir_au(girs.get(dossier_id, []), le)
        if usager.age(le) < regles["age_minimum"]:
            trop_jeunes += 1
        elif gir is None:
            sans_gir += 1
        else:
            effectifs[gir] += 1
    valeur = gmp(regles, effectifs)
    return Ligne(libelle, len(ici), effectifs, trop_jeunes, sans_gir, valeur)


def _gir_au(connus: list[tuple[date, int]], le: date) -> int | None:
    anterieurs = [gir for quand, gir in connus if quand <= le]
    return anterieurs[-1] if anterieurs else None


def _pmp(etablissement, le: date) -> PmpValide | None:
    valides = PmpValide.objects.filter(etablissement=etablissement, valide_le__lte=le)
    return valides.order_by("-valide_le", "-saisi_le").first()
