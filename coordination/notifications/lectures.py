"""All that concerns me on one page; each family is one or two queries."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from coordination.boite import lectures as boite
from coordination.evenements import lectures as evenements
from coordination.models import EvenementIndesirable, PreferenceNotification
from dui.socle import registres
from dui.socle.enums import Bloc
from dui.socle.models import LectureTache, Tache

FAMILLES = {
    "boite": "Ce qu’on me demande",
    "attentes": "Ce qui attend ma décision ou ma lecture",
    "evenements": "Les événements de mon unité",
    "accuses": "Ce que j’ai transmis : lu, fait",
}
RECENT = timedelta(days=7)
LIGNES = 15


@dataclass(frozen=True)
class AAttendre:
    libelle: str
    url: str
    nombre: int


def preference(habilitation) -> PreferenceNotification:
    trouvee = PreferenceNotification.objects.filter(compte=habilitation.compte).first()
    return trouvee or PreferenceNotification(compte=habilitation.compte)


def page(habilitation, lieu) -> dict[str, Any]:
    """{family: rows} of those that are not hidden."""
    lecteurs = {
        "boite": lambda: boite.prochaines(habilitation, LIGNES),
        "attentes": lambda: attentes(habilitation),
        "evenements": lambda: recents(habilitation, lieu),
        "accuses": lambda: accuses(habilitation),
    }
    voulue = preference(habilitation)
    montrees = [nom for nom in FAMILLES if nom not in voulue.cachees]
    return {nom: lecteurs[nom]() for nom in montrees}


def attentes(habilitation) -> list[AAttendre]:
    """Of the other blocks, by the registry: what names itself and its page."""
    nommees = [a for a in registres.attentes.permis(habilitation) if a.url_nom]
    comptes = [(a, a.requete(habilitation).count()) for a in nommees]
    return [AAttendre(a.libelle, reverse(a.url_nom), n) for a, n in comptes if n]


def recents(habilitation, lieu) -> list[EvenementIndesirable]:
    if not habilitation.peut(Bloc.EI) or lieu.etablissement is None:
        return []
    visibles = EvenementIndesirable.objects.visibles(habilitation)
    ici = visibles.du_lieu(lieu.etablissement, lieu.unite)
    ici = ici.filter(constate_le__gte=timezone.now() - RECENT)
    lignes = ici.select_related("dossier__usager").plus_recents()[:LIGNES]
    return [evenements.nommer(e) for e in lignes]


def accuses(habilitation) -> list[LectureTache]:
    """Who read, these last days, what I sent and may still read."""
    miennes = Tache.objects.visibles(habilitation).creees_par(habilitation)
    lues = LectureTache.objects.filter(
        tache__in=miennes, lue_le__gte=timezone.now() - RECENT
    ).exclude(compte=habilitation.compte)
    lues = lues.select_related("compte", "tache__dossier__usager")
    return list(lues.order_by("-lue_le", "-pk")[:LIGNES])
