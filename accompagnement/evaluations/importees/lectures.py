"""Which imported grids exist, and which are offered where."""

import time
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Prefetch
from django.utils import timezone

from accompagnement.evaluations.moteur.definitions import Definition, lire
from accompagnement.models import Grille, PublicationGrille

# A version never changes: once read, it is good for the life of the process.
_lues: dict[tuple[str, str], Definition] = {}
# A page opened before a grid was withdrawn may still be sent, the time of a shift.
SURSIS = timedelta(hours=12)
# Delays are asked by every home page: read once in ten minutes, as the code lists are.
DUREE = 600.0
_rappels: list = [-DUREE, {}]


def definition(code: str, version: str) -> Definition | None:
    """All those not read yet are read at once: a list of evaluations costs one query."""
    if (code, version) not in _lues:
        manquantes = Grille.objects.exclude(code__in={c for c, _ in _lues} - {code})
        for contenu in manquantes.values_list("contenu", flat=True):
            lue = lire(contenu)
            _lues.setdefault((lue.code, lue.version), lue)
    return _lues.get((code, version))


def oublier() -> None:
    _lues.clear()
    _rappels[:] = -DUREE, {}


def proposees(maisons: Iterable) -> dict[str, Definition]:
    """{code: the version published last in one of these houses}."""
    publiees = PublicationGrille.objects.pour(maisons).en_cours().order_by("publiee_le", "pk")
    versions = dict(publiees.values_list("grille__code", "grille__version"))
    trouvees = {code: definition(code, version) for code, version in versions.items()}
    return {code: d for code, d in trouvees.items() if d}


def commencable(maisons: Iterable, code: str, version: str) -> Definition | None:
    """This version, offered here, or withdrawn while somebody was filling it in."""
    publiees = PublicationGrille.objects.pour(maisons).en_cours(timezone.now() - SURSIS)
    ici = publiees.filter(grille__code=code, grille__version=version)
    return definition(code, version) if ici.exists() else None


def rappels() -> dict[str, int]:
    """{code: days before it is done again}, by the last version of each that is published."""
    quand, valeurs = _rappels
    if time.monotonic() - quand > DUREE:
        publiees = PublicationGrille.objects.en_cours().order_by("publiee_le", "pk")
        lus = publiees.values_list("grille__code", "grille__contenu__rappel_jours")
        _rappels[:] = time.monotonic(), {code: jours for code, jours in lus if jours}
        valeurs = _rappels[1]
    return valeurs


# ---------------------------------------------------------------- administration


def grilles() -> list[Grille]:
    """Every version, by name then the last first: a grid holds nothing of anybody."""
    lignes = Grille.objects.defer("contenu").prefetch_related(_publications())
    return list(lignes.select_related("importee_par").order_by("nom", "code", "-importee_le"))


def _publications():
    lignes = PublicationGrille.objects.select_related("etablissement", "publiee_par", "retiree_par")
    return Prefetch("publications", lignes.order_by("-publiee_le", "pk"))


def grille(pk) -> Grille | None:
    lignes = Grille.objects.filter(pk=pk).select_related("importee_par")
    return lignes.prefetch_related(_publications()).first()
