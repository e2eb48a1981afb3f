from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from administratif.enums import ModeSortie
from administratif.services.communs import exiger, garder, lire_version, noter
from dui.socle.enums import Action
from dui.socle.models import Place, Sejour, Usager

FUTUR = "Cette date est dans le futur."


@transaction.atomic
def changer_de_place(habilitation, sejour_id, *, version_lue, place, le) -> Sejour:
    """The former place stays in the history; two persons never hold the same one."""
    sejour = _lire(habilitation, sejour_id, version_lue)
    if sejour.sortie_le:
        raise ValidationError("Ce séjour est terminé.")
    if place.unite.etablissement_id != sejour.etablissement_id:
        raise ValidationError({"place": "Cette place est dans un autre établissement."})
    if le > timezone.localdate():
        raise ValidationError({"le": FUTUR})
    if le < max(sejour.entree_le, sejour.place_depuis or sejour.entree_le):
        raise ValidationError({"le": "La personne était ailleurs à cette date."})
    _reserver(place)
    sejour.place, sejour.place_depuis, sejour.unite = place, le, place.unite
    garder(habilitation, sejour)
    noter(habilitation, "sejour.place_changee", sejour, sejour.dossier)
    return sejour


@transaction.atomic
def noter_sortie(habilitation, sejour_id, *, version_lue, le, mode) -> Sejour:
    """The last day, and how. A death is also written on the person, and ends the other stays."""
    sejour = _lire(habilitation, sejour_id, version_lue)
    if sejour.sortie_le:
        raise ValidationError("La sortie est déjà notée.")
    if le > timezone.localdate():
        raise ValidationError({"le": f"{FUTUR} Notez la sortie le jour venu."})
    _sortir(habilitation, sejour, le, mode)
    if mode == ModeSortie.DECES:
        _deceder(habilitation, sejour, le)
    return sejour


def _sortir(habilitation, sejour, le, mode) -> None:
    if le < max(sejour.entree_le, sejour.place_depuis or sejour.entree_le):
        raise ValidationError(
            {"le": "La sortie précède l’entrée ou le dernier changement de place."}
        )
    sejour.sortie_le, sejour.mode_sortie = le, mode
    garder(habilitation, sejour)
    noter(habilitation, "sejour.sorti", sejour, sejour.dossier, mode=str(mode))


def _deceder(habilitation, sejour, le) -> None:
    usager = Usager.objects.select_for_update(of=("self",)).get(pk=sejour.dossier.usager_id)
    usager.date_deces = le
    garder(habilitation, usager, motif="Décès")
    # Whatever the house: nobody else of the organisme should still expect this person.
    autres = Sejour.objects.select_for_update(of=("self",)).filter(
        dossier=sejour.dossier, sortie_le=None
    )
    for autre in autres.order_by("pk"):
        _sortir(habilitation, autre, le, ModeSortie.DECES)
    noter(habilitation, "usager.decede", usager, sejour.dossier)


@transaction.atomic
def annuler_sortie(habilitation, sejour_id, *, version_lue, motif) -> Sejour:
    """An exit noted by mistake. Refused when somebody else now holds the place."""
    sejour = _lire(habilitation, sejour_id, version_lue)
    if not sejour.sortie_le:
        raise ValidationError("Ce séjour n’est pas terminé.")
    motif = exiger(motif, "motif", "Dites pourquoi la sortie est annulée.")
    _reserver(sejour.place)
    deces = sejour.mode_sortie == ModeSortie.DECES
    sejour.sortie_le, sejour.mode_sortie = None, ""
    garder(habilitation, sejour, motif=motif)
    if deces:
        usager = Usager.objects.select_for_update(of=("self",)).get(pk=sejour.dossier.usager_id)
        usager.date_deces = None
        garder(habilitation, usager, motif=motif)
    noter(habilitation, "sejour.sortie_annulee", sejour, sejour.dossier)
    return sejour


def _reserver(place) -> None:
    """Whoever wants it at the same instant waits, then reads that it is taken."""
    if place:
        Place.objects.select_for_update(of=("self",), no_key=True).get(pk=place.pk)


def _lire(habilitation, sejour_id, version_lue) -> Sejour:
    sejour = (
        Sejour.objects.visibles(habilitation, Action.SAISIR)
        .select_for_update(of=("self",))
        .select_related("dossier", "etablissement")
        .get(pk=sejour_id)
    )
    lire_version(sejour, version_lue)
    return sejour
