"""Reads of the meetings: the same number of queries whatever their number."""

from django.db.models import Count
from django.utils import timezone

from coordination.boite.lectures import completer as completer_les_taches
from coordination.models import PointReunion, Reunion
from coordination.reunions.services import SOURCE
from dui.socle.enums import Action
from dui.socle.models import Tache

LISTE_MAX = 60


def liste(habilitation, lieu) -> dict[str, list[Reunion]]:
    """To come, the next first; held, the last first."""
    visibles = Reunion.objects.visibles(habilitation)
    if lieu.etablissement:
        visibles = visibles.filter(etablissement=lieu.etablissement)
    visibles = visibles.select_related("unite", "animee_par")
    visibles = visibles.annotate(personnes=Count("points"))
    maintenant = timezone.now()
    a_venir = visibles.filter(prevue_le__gte=maintenant).order_by("prevue_le", "pk")
    passees = visibles.filter(prevue_le__lt=maintenant).order_by("-prevue_le", "pk")
    return {"a_venir": list(a_venir[:LISTE_MAX]), "passees": list(passees[:LISTE_MAX])}


def ecrit(habilitation, reunion) -> bool:
    return Reunion.objects.visibles(habilitation, Action.SAISIR).filter(pk=reunion.pk).exists()


def points(habilitation, reunion) -> list[PointReunion]:
    """Of the persons whose project one reads; the others stay unknown."""
    lisibles = PointReunion.objects.visibles(habilitation).filter(reunion=reunion)
    ordonnes = lisibles.select_related("dossier__usager", "ecrit_par")
    return list(ordonnes.order_by("dossier__usager__recherche", "pk"))


def du_dossier(habilitation, dossier) -> list[PointReunion]:
    """What meetings said of this person, the last first."""
    siens = PointReunion.objects.visibles(habilitation).filter(dossier=dossier)
    siens = siens.select_related("reunion", "ecrit_par")
    return list(siens.order_by("-reunion__prevue_le", "-pk")[:LISTE_MAX])


def participants(reunion) -> list[str]:
    lignes = reunion.participants.select_related("compte").order_by("pk")
    return [p.compte.get_full_name() if p.compte else p.nom for p in lignes]


def actions(habilitation, point) -> list[Tache]:
    plan = Tache.objects.visibles(habilitation).de_source(SOURCE, point.pk)
    return completer_les_taches(habilitation, plan.order_by("echeance_le", "pk"))
