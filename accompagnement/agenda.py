"""Absences, as the agenda of a person shows them and as a conflict with what one plans."""

from django.db.models import Q

from accompagnement.models import Absence
from dui.socle import codes
from dui.socle.enums import Action, Bloc
from dui.socle.registres import Occupation


def absences(habilitation, dossiers, debut, fin) -> list[Occupation]:
    """Those of these hours; the return that is only planned counts until somebody writes it."""
    lignes = Absence.objects.visibles_selon(habilitation, Bloc.ID, Action.RESUME)
    lignes = lignes.des_dossiers(dossiers).filter(Q(fin=None) | Q(fin__gt=debut), debut__lt=fin)
    return [
        Occupation(
            a.dossier_id,
            codes.libelle("motif_absence", a.motif),
            a.debut,
            a.fin or a.retour_prevu,
        )
        for a in lignes.order_by("debut", "pk")
        if (a.fin or a.retour_prevu or fin) > debut
    ]
