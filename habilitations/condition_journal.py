"""Which rows of the journal that are about no record (sign-ins, lists) one may read."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from dui.socle.compilation import Partagee
from dui.socle.models import Etablissement
from habilitations.condition_page import AUCUN
from habilitations.models import AccesNominatif, Affectation


def entrees_sans_dossier(maisons: set[UUID], dossiers: Partagee) -> Q:
    """Those of the accounts that worked that day in a house where the right covers everything, and
    of the portal accounts of its records. A row without account (an unknown identifier) is for who
    holds the right in every house."""
    if not maisons:
        return AUCUN
    jour = OuterRef("horodatage__date")
    travaillait = Affectation.objects.filter(
        Q(fin=None) | Q(fin__gte=jour),
        compte=OuterRef("acteur"),
        etablissement__in=maisons,
        debut__lte=jour,
    )
    portail = AccesNominatif.objects.filter(content_object__in=dossiers).values("user")
    ailleurs = Etablissement.objects.exclude(pk__in=maisons)
    personne = Q(~Exists(ailleurs), acteur=None)
    return Q(dossier=None) & (Q(Exists(travaillait)) | Q(acteur__in=portail) | personne)
