"""Keyset pages for timelines: constant cost however deep one reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.http import urlencode

from dui.socle.identifiants import lire_uuid


@dataclass(frozen=True)
class Tranche:
    """Rows of a page; `anciens` and `recents` are query strings, empty at the ends."""

    lignes: list
    anciens: str
    recents: str


def trancher(requete, request, *, champ: str, taille: int = 30) -> Tranche:
    """The page named by ?avant= (a cursor « iso_key ») of rows ordered by -champ, -id."""
    cle = requete.model._meta.pk.to_python
    curseur = lire_curseur(request.GET.get("avant", ""), cle)
    if curseur:
        instant, pk = curseur
        # The first condition alone bounds the walk of the index.
        requete = requete.filter(
            Q(**{f"{champ}__lt": instant}) | Q(pk__lt=pk), **{f"{champ}__lte": instant}
        )
    lignes = list(requete.order_by(f"-{champ}", "-pk")[: taille + 1])
    return _tranche(
        lignes, request, taille, lambda x: f"{getattr(x, champ).isoformat()}_{x.pk}", curseur
    )


def trancher_par_numero(requete, request, *, taille: int) -> Tranche:
    """The page named by ?avant= (an id) of rows ordered by -id alone: the journal."""
    avant = lire_numero(request.GET.get("avant", ""))
    if avant:
        requete = requete.filter(pk__lt=avant)
    lignes = list(requete.order_by("-pk")[: taille + 1])
    return _tranche(lignes, request, taille, lambda x: str(x.pk), avant)


def trancher_par_cle(requete, request, *, champ: str, taille: int) -> Tranche:
    """The page after ?avant= of rows ordered by champ, id: a list of names. The address holds the
    id of a row, never its name; one that is not of these rows is the first page."""
    avant = lire_uuid(request.GET.get("avant"))
    repere = requete.filter(pk=avant).values_list(champ, flat=True).first() if avant else None
    suite = requete
    if repere is not None:
        suite = requete.filter(
            Q(**{f"{champ}__gt": repere}) | Q(pk__gt=avant), **{f"{champ}__gte": repere}
        )
    lignes = list(suite.order_by(champ, "pk")[: taille + 1])
    return _tranche(lignes, request, taille, lambda x: str(x.pk), repere)


def _tranche(lignes, request, taille, curseur_de, curseur) -> Tranche:
    reste = len(lignes) > taille
    lignes = lignes[:taille]
    filtres = {c: v for c, v in request.GET.items() if c != "avant"}
    anciens = "?" + urlencode(filtres | {"avant": curseur_de(lignes[-1])}) if reste else ""
    recents = ("?" + urlencode(filtres)) if curseur else ""
    return Tranche(lignes, anciens, recents)


def lire_numero(texte: str) -> int | None:
    """A bigint that we may have written, else None."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else None


def lire_curseur(texte: str, cle: Callable[[str], Any] = UUID) -> tuple[datetime, Any] | None:
    """None for anything that we did not write."""
    instant, _, pk = texte.replace(" ", "+").partition("_")
    try:
        lu = datetime.fromisoformat(instant), cle(pk)
    except (ValueError, ValidationError):
        return None
    return lu if lu[0].tzinfo else None
