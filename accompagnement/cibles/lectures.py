"""Reads about the followed targets: of a person, of a place, of one."""

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from accompagnement.models import Cible, Transmission
from habilitations.lieux import presents

DERNIERES = 3
CLOSES_MONTREES = 30
PLAFOND = 300


def de_la_personne(habilitation, dossier) -> dict:
    """{ouvertes, closes}: the open ones with the last things written, those to relaunch first."""
    siennes = Cible.objects.visibles(habilitation).filter(dossier=dossier)
    ouvertes = list(siennes.ouvertes().par_urgence()[:PLAFOND])
    closes = siennes.exclude(etat=Cible.Etat.OUVERTE).order_by("-close_le", "pk")
    dernieres = _dernieres(habilitation, ouvertes)
    for cible in ouvertes:
        cible.lignes = dernieres.get(cible.pk, [])
    return {"ouvertes": ouvertes, "closes": list(closes[:CLOSES_MONTREES])}


def _dernieres(habilitation, cibles) -> dict:
    """{target: its last transmissions}, by one query."""
    rang = Window(
        RowNumber(),
        partition_by=F("cible_suivie"),
        order_by=[F("survenu_le").desc(), F("pk").desc()],
    )
    lignes = (
        Transmission.objects.visibles(habilitation)
        .en_vigueur()
        .filter(cible_suivie__in=[c.pk for c in cibles])
        .annotate(rang=rang)
        .filter(rang__lte=DERNIERES)
        .select_related("auteur")
        .order_by("-survenu_le", "-pk")
    )
    groupes: dict = {}
    for t in lignes if cibles else ():
        groupes.setdefault(t.cible_suivie_id, []).append(t)
    return groupes


def ouvertes_de(habilitation, dossier) -> list[Cible]:
    """To go on with one of them from the form."""
    siennes = Cible.objects.visibles(habilitation).filter(dossier=dossier)
    return list(siennes.ouvertes().order_by("ouverte_le", "pk")[:PLAFOND])


def du_lieu(habilitation, lieu, *, en_retard=False) -> list[Cible]:
    """Open targets of those who are here, by urgency, with their person and room."""
    sejours = {s.dossier_id: s for s in presents(habilitation, lieu)}
    cibles = Cible.objects.visibles(habilitation).des_dossiers(sejours)
    cibles = cibles.a_relancer() if en_retard else cibles.ouvertes()
    return [situer(c, sejours[c.dossier_id]) for c in cibles.par_urgence()[:PLAFOND]]


def situer(cible: Cible, sejour) -> Cible:
    cible.dossier = sejour.dossier
    cible.chambre = str(sejour.place or "")
    return cible


def fil(habilitation, cible):
    """Everything written about it, the last first."""
    lignes = Transmission.objects.visibles(habilitation).en_vigueur()
    return lignes.filter(cible_suivie=cible).select_related("auteur")
