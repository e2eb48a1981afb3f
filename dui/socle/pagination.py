"""Keyset pages for timelines: constant cost however deep one reads."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.http import urlencode


@dataclass(frozen=True)
class Tranche:
    """Rows of a page; `anciens` and `recents` are query strings, empty at the ends."""

    lignes: list
    anciens: str
    recents: str


def trancher(requete, request, *, champ: str, taille: int = 30) -> Tranche:
    """The page named by ?avant= (a cursor « iso_uuid ») of rows ordered by -champ, -id."""
    curseur = lire_curseur(request.GET.get("avant", ""))
    if curseur:
        instant, pk = curseur
        requete = requete.filter(Q(**{f"{champ}__lt": instant}) | Q(**{champ: instant}, pk__lt=pk))
    lignes = list(requete.order_by(f"-{champ}", "-pk")[: taille + 1])
    reste = len(lignes) > taille
    lignes = lignes[:taille]
    filtres = {c: v for c, v in request.GET.items() if c != "avant"}
    anciens = ""
    if reste:
        dernier = lignes[-1]
        avant = f"{getattr(dernier, champ).isoformat()}_{dernier.pk}"
        anciens = "?" + urlencode(filtres | {"avant": avant})
    recents = ("?" + urlencode(filtres)) if curseur else ""
    return Tranche(lignes, anciens, recents)


def lire_curseur(texte: str) -> tuple[datetime, UUID] | None:
    """None for anything that we did not write."""
    instant, _, pk = texte.replace(" ", "+").partition("_")
    try:
        return datetime.fromisoformat(instant), UUID(pk)
    except ValueError:
        return None
