"""The record of a page with the stays that open it: what every page of a record begins with, by
queries compiled once in the life of the process."""

from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from dui.socle.compilation import Apportee, Compilee, Partagee
from dui.socle.models import Dossier, Sejour


def _seul(cle: UUID, ici: Partagee) -> QuerySet:
    lus = Dossier.objects.avec_anciens().select_related("usager")
    return lus.filter(pk=cle, pk__in=ici).order_by("pk")


def _par_ses_sejours(cle: UUID, le: date, ici: Partagee) -> QuerySet:
    alias = Dossier.objects.filter(fusionne_dans=OuterRef("dossier")).order_by("pk")
    lus = Sejour.objects.ouvrant(cle, le).filter(dossier__pk__in=ici)
    lus = lus.annotate(anciens_du_dossier=ArraySubquery(alias.values("pk")))
    return lus.select_related("dossier__usager", "etablissement", "unite", "place")


_TEMOINS = {"cle": UUID(int=1), "ici": Apportee("ici")}
_SEUL = Compilee(_seul, **_TEMOINS)
_PAR_SES_SEJOURS = Compilee(_par_ses_sejours, le=date(1, 1, 1), **_TEMOINS)
OUVRANT = Compilee(Sejour.objects.ouvrant, dossier=UUID(int=1), le=date(1, 1, 1))


def lire(cle: UUID, le: date, ici: Partagee) -> tuple[Dossier | None, list[Sejour]]:
    """The record of this key, with its person and its aliases, if it is one of these; and the
    stays through which it is open, the latest first: none for whom a nominative right opens it."""
    sejours = list(_PAR_SES_SEJOURS(cle=cle, le=le, ici=ici))
    if not sejours:
        return next(iter(_SEUL(cle=cle, ici=ici)), None), []
    dossier = sejours[0].dossier
    dossier.anciens = sejours[0].anciens_du_dossier  # type: ignore[attr-defined]
    for sejour in sejours:
        sejour.dossier = dossier
    return dossier, sejours
