"""Read a code list: {code: CodeNomenclature}, in order, cached in the process for ten minutes.

Lists change at most a few times a year; the cache keeps labels out of the query count of pages,
and all the shipped lists are read at once.
"""

import time
from collections.abc import Callable
from typing import Any

from dui.socle import nomenclatures_fichiers
from dui.socle.models import CodeNomenclature

DUREE = 600.0
_cache: dict[str, tuple[float, dict[str, CodeNomenclature]]] = {}
_lectures: dict[Callable, tuple[dict[str, CodeNomenclature], Any]] = {}


def codes(nomenclature: str) -> dict[str, CodeNomenclature]:
    lu_le, valeurs = _cache.get(nomenclature, (0.0, {}))
    if not valeurs or time.monotonic() - lu_le > DUREE:
        _relire({nomenclature, *nomenclatures_fichiers.livrees()})
        valeurs = _cache[nomenclature][1]
    return valeurs


def _relire(nomenclatures: set[str]) -> None:
    lues: dict[str, dict[str, CodeNomenclature]] = {nom: {} for nom in nomenclatures}
    lignes = CodeNomenclature.objects.filter(nomenclature__in=nomenclatures)
    for ligne in lignes.order_by("ordre", "code"):
        lues[ligne.nomenclature_id][ligne.code] = ligne
    _cache.update((nom, (time.monotonic(), valeurs)) for nom, valeurs in lues.items())


def lus(nomenclature: str, lire: Callable[[dict[str, CodeNomenclature]], Any]) -> Any:
    """What `lire` makes of the list, made again only when the list is read again."""
    valeurs = codes(nomenclature)
    source, resultat = _lectures.get(lire, (None, None))
    if source is not valeurs:
        resultat = lire(valeurs)
        _lectures[lire] = (valeurs, resultat)
    return resultat


def libelle(nomenclature: str, code: str) -> str:
    """The label, or the code itself when the list does not know it (imported data)."""
    trouve = codes(nomenclature).get(code)
    return trouve.libelle if trouve else code


def choix(nomenclature: str) -> list[tuple[str, str]]:
    return [(c.code, c.libelle) for c in codes(nomenclature).values() if c.actif]


def oublier() -> None:
    _cache.clear()
