from datetime import datetime, time, timedelta

from django.utils import timezone

from coordination.agenda import lectures
from coordination.models import RendezVous
from dui.socle.enums import Action, Bloc


def du_jour(habilitation, lieu, jour) -> list[RendezVous]:
    """The activities of a place on a day, each with what may be done about it."""
    minuit = datetime.combine(jour, time(0), tzinfo=timezone.get_current_timezone())
    requete = lectures.du_lieu(habilitation, lieu).filter(nature=RendezVous.Nature.ACTIVITE)
    requete = requete.entre(minuit, minuit + timedelta(days=1))
    lignes = lectures.complets(habilitation, requete, bloc=Bloc.ANI)
    ouverts = RendezVous.objects.visibles(habilitation, Action.SAISIR, Bloc.ANI)
    cles = set(ouverts.filter(pk__in=[r.pk for r in lignes]).values_list("pk", flat=True))
    for r in lignes:
        r.presents = sum(p.presence == "presente" for p in r.siennes)
        r.commence = r.debut <= timezone.now()
        r.peut_conclure = r.pk in cles and r.commence and not r.annule
    return lignes
