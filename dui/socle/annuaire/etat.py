"""What each source of the directory last brought, and what the supervision says of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dui.socle.models import SourceAnnuaire

Code = SourceAnnuaire.Code


@transaction.atomic
def reussir(
    code: str, *, donnees_du: datetime | None, lignes: int | None = None, motif: str = ""
) -> None:
    """`motif`: a reservation on a copy that is good all the same."""
    source = _verrouiller(code)
    maintenant = timezone.now()
    source.bonne_copie_le = source.essai_le = maintenant
    source.echecs, source.motif = 0, motif
    source.donnees_du = donnees_du or source.donnees_du
    source.lignes = source.lignes if lignes is None else lignes
    source.save()


@transaction.atomic
def echouer(code: str, motif: str) -> None:
    """The last good copy stays what it is."""
    source = _verrouiller(code)
    source.essai_le = timezone.now()
    source.echecs += 1
    source.motif = motif[:300]
    source.save()


@transaction.atomic
def redemander_depuis(fichier_du: datetime) -> None:
    """A full file has just replaced what the API had changed since: ask for it again."""
    source = _verrouiller(Code.API)
    depuis = fichier_du - timedelta(days=settings.ANNUAIRE_RECUL)
    source.donnees_du = min(depuis, source.donnees_du) if source.donnees_du else depuis
    source.save()


def _verrouiller(code: str) -> SourceAnnuaire:
    SourceAnnuaire.objects.get_or_create(code=code)
    return SourceAnnuaire.objects.select_for_update(of=("self",)).get(code=code)


def constat(maintenant: datetime | None = None) -> dict:
    """For those who search: the date of the copy, and whether to trust it. One query."""
    maintenant = maintenant or timezone.now()
    lues = {s.code: s for s in SourceAnnuaire.objects.order_by("code")}
    fichier, api = lues.get(Code.ACTIVITES), lues.get(Code.API)
    copies = [s.bonne_copie_le for s in lues.values() if s.bonne_copie_le]
    copie = max(copies, default=None)
    limite = timedelta(days=settings.ANNUAIRE_AGE_MAX)
    return {
        "copie_le": copie,
        "age": (maintenant - copie).days if copie else None,
        "ancienne": bool(copie and maintenant - copie > limite),
        "lignes": fichier.lignes if fichier else 0,
        "echecs": api.echecs if api else 0,
        "echec_le": api.essai_le if api and api.echecs else None,
        "sources": list(lues.values()),
    }
