"""The agenda, when two records of one person become one."""

from coordination.models import Domicile, Participation


def participations(passage) -> list[int]:
    """Both were expected at the same meeting: the person comes once. The other line stays where it
    was; what it says is kept when the line that is kept says nothing."""
    gardees = Participation.objects.filter(dossier=passage.retenu).order_by("pk")
    la = {p.rendez_vous_id: p for p in gardees.select_for_update(of=("self",))}
    siennes = Participation.objects.filter(dossier=passage.absorbe, rendez_vous__in=la).order_by(
        "pk"
    )
    communes = list(siennes.select_for_update(of=("self",)))
    for p in communes:
        gardee = la[p.rendez_vous_id]
        if gardee.ecrite_le is None and p.ecrite_le is not None:
            passage.changer(
                gardee,
                presence=p.presence,
                motif=p.motif,
                note=p.note,
                arrivee=p.arrivee,
                depart=p.depart,
                ecrite_le=p.ecrite_le,
                ecrite_par=p.ecrite_par_id,
                version=gardee.version + 1,
            )
    return [p.pk for p in communes]


def domiciles(passage) -> list[int]:
    """One lives in one place: that of the kept record, when it has one."""
    if not Domicile.objects.filter(dossier=passage.retenu).exists():
        return []
    laisses = Domicile.objects.filter(dossier=passage.absorbe).order_by("pk")
    return list(laisses.values_list("pk", flat=True))
