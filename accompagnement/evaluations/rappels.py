"""What is due to be evaluated again. The delays are data: by grid, and by domain when it differs;
a house's own grid brings its own."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.importees import lectures as importees
from accompagnement.evaluations.moteur import Definition
from accompagnement.models import Evaluation
from dui.socle.enums import Action
from dui.socle.models import Sejour
from habilitations.lieux import presents
from habilitations.models import Affectation

COMPTEES = 100
UNITE = Affectation.Portee.UNITE


@dataclass(frozen=True)
class Rappel:
    sejour: Sejour
    definition: Definition
    faite_le: date
    prevue_le: date

    @property
    def en_retard(self) -> bool:
        return self.prevue_le < timezone.localdate()


def avant(jours: int) -> timedelta:
    """How long before the date one is told: a month for a year, a few days for a month."""
    reglages = catalogue.donnees("reglages")
    part = jours // reglages["rappel_avant_part"]
    return timedelta(days=min(reglages["rappel_avant_jours"], part))


def delais(domaine: str) -> dict[str, int]:
    reglages = catalogue.donnees("reglages")
    communs = reglages["rappels_jours"] | importees.rappels()
    return communs | reglages["rappels_par_domaine"].get(domaine, {})


def a_refaire(habilitation, lieu) -> list[Rappel]:
    """Of who is in this place now, what is late first: the grid and the dates, never a result."""
    ici = {s.dossier_id: s for s in presents(habilitation, lieu)}
    if not ici or not lieu.etablissement:
        return []
    jours, aujourdhui = delais(lieu.etablissement.domaine), timezone.localdate()
    proposees = catalogue.proposees([lieu.etablissement])
    siennes = Evaluation.objects.visibles(habilitation, Action.SAISIR).des_dossiers(ici)
    dernieres = (
        siennes.en_vigueur()
        .filter(grille__in=jours)
        .order_by("dossier", "grille", "-faite_le", "-id")
    )
    lignes = []
    for dossier, grille, faite_le in dernieres.distinct("dossier", "grille").values_list(
        "dossier_id", "grille", "faite_le"
    ):
        le = timezone.localdate(faite_le)
        prevue = le + timedelta(days=jours[grille])
        if prevue - avant(jours[grille]) <= aujourdhui and grille in proposees:
            lignes.append(Rappel(ici[dossier], proposees[grille], le, prevue))
    return sorted(lignes, key=lambda x: (x.prevue_le, x.sejour.dossier.usager.nom_affiche))


def a_compter(habilitation):
    """The same in the units where one works, as a bounded QuerySet that only counts."""
    plus_tard = Evaluation.objects.en_vigueur().filter(
        dossier=OuterRef("dossier"), grille=OuterRef("grille"), faite_le__gt=OuterRef("faite_le")
    )
    dues = Q(pk__in=[])
    for domaine, maisons in _maisons_par_domaine(habilitation).items():
        ici = Sejour.objects.en_cours().filter(_dans(habilitation, maisons))
        dues |= Q(dossier__in=ici.values("dossier")) & _echues(domaine)
    siennes = Evaluation.objects.visibles(habilitation, Action.SAISIR).en_vigueur()
    return siennes.filter(dues).exclude(Exists(plus_tard)).order_by("pk")[:COMPTEES]


def _maisons_par_domaine(habilitation) -> dict[str, set]:
    maisons: dict[str, set] = {}
    for affectation in habilitation.affectations:
        maison = affectation.etablissement
        maisons.setdefault(maison.domaine, set()).add(maison.pk)
    return maisons


def _dans(habilitation, maisons) -> Q:
    """Who is in no unit belongs to the house; head office has two thousand units, all its own."""
    par_unite = [a for a in habilitation.affectations if a.portee == UNITE]
    ailleurs = (a.etablissement_id for a in habilitation.affectations if a not in par_unite)
    entieres = maisons & set(ailleurs)
    unites = {a.unite_id for a in par_unite}
    en_partie = Q(etablissement__in=maisons - entieres) & (Q(unite__in=unites) | Q(unite=None))
    return Q(etablissement__in=entieres) | en_partie


def _echues(domaine: str) -> Q:
    """One comparison for each delay, not for each grid."""
    par_delai: dict[int, list[str]] = {}
    for grille, jours in delais(domaine).items():
        par_delai.setdefault(jours, []).append(grille)
    echues = Q(pk__in=[])
    for jours, grilles in par_delai.items():
        limite = timezone.now() - timedelta(days=jours) + avant(jours)
        echues |= Q(grille__in=grilles, faite_le__lte=limite)
    return echues
