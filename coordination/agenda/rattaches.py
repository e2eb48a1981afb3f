"""Many meetings at once: their locks, their rows, and what hangs from them (persons, professionals,
resources)."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from coordination.models import Intervenant, Participation, RendezVous, Reservation, Serie
from coordination.models.participants import RETIREE

PREVUE, ANNULEE = Participation.Presence.PREVUE, Participation.Presence.ANNULEE
DEJA_PRISE = (
    "Une ressource est déjà prise à cette heure. Choisissez-en une autre, ou une autre heure."
)


def verrouiller(cles) -> list[RendezVous]:
    """Series, then meetings, before any dossier: everybody in this order."""
    lignes = RendezVous.objects.filter(pk__in=set(cles))
    series = Serie.objects.filter(pk__in=lignes.values("serie"))
    list(series.select_for_update(of=("self",)).order_by("pk"))
    tenues = lignes.select_related("etablissement").select_for_update(of=("self",))
    return list(tenues.order_by("pk"))


def de(seance: RendezVous) -> list[set]:
    """Who and what it takes, to be compared with `voulus`."""
    return [
        {p.dossier_id for p in seance.participations.tenues()},
        {str(i.compte_id or i.externe) for i in seance.intervenants.all()},
        {r.ressource_id for r in seance.reservations.all()},
    ]


def voulus(contenu) -> list[set]:
    return [
        {d.pk for d in contenu.dossiers},
        {str(c.pk) for c in contenu.comptes} | set(contenu.externes),
        {r.pk for r in contenu.ressources},
    ]


def inviter(habilitation, seances: list[RendezVous], dossiers) -> None:
    """These persons and no others: who leaves the list is cancelled, who comes back is expected."""
    voulus = {d.pk: d for d in dossiers}
    connues: dict = {s.pk: {} for s in seances}
    for p in Participation.objects.filter(rendez_vous__in=seances).order_by("pk"):
        connues[p.rendez_vous_id][p.dossier_id] = p
    neuves, changees = [], []
    for seance in seances:
        siennes = connues[seance.pk]
        neuves += [
            Participation(rendez_vous=seance, dossier=d)
            for pk, d in voulus.items()
            if pk not in siennes
        ]
        for p in siennes.values():
            if p.dossier_id not in voulus and p.presence == PREVUE:
                changees.append(_devient(p, ANNULEE, RETIREE))
            elif p.dossier_id in voulus and p.presence == ANNULEE:
                changees.append(_devient(p, PREVUE, ""))
    if neuves:
        bulk_create_with_history(neuves, Participation, default_user=habilitation.compte)
    enregistrer(habilitation, Participation, changees, ["presence", "motif", "version"])


def decommander(habilitation, seances: list[RendezVous], motif: str) -> list[Participation]:
    """Those that were expected no longer are; each is cancelled once, whoever else tries."""
    prevues = Participation.objects.filter(rendez_vous__in=seances).prevues()
    changees = [
        _devient(p, ANNULEE, motif) for p in prevues.select_for_update(of=("self",)).order_by("pk")
    ]
    enregistrer(habilitation, Participation, changees, ["presence", "motif", "version"])
    return changees


def _devient(participation, presence, motif):
    participation.presence, participation.motif = presence, motif
    participation.version += 1
    return participation


def enregistrer(habilitation, modele, lignes, champs) -> None:
    if lignes:
        bulk_update_with_history(
            lignes,
            modele,
            champs,
            manager=modele._base_manager,
            default_user=habilitation.compte,
        )


def confier(seances: list[RendezVous], comptes, externes=()) -> None:
    Intervenant.objects.filter(rendez_vous__in=seances).delete()
    Intervenant.objects.bulk_create(
        [
            *(Intervenant(rendez_vous=s, compte=c) for s in seances for c in comptes),
            *(Intervenant(rendez_vous=s, externe=e) for s in seances for e in externes),
        ]
    )


def reserver(seances: list[RendezVous], ressources) -> None:
    """The database has the last word: two who book at once cannot both succeed."""
    Reservation.objects.filter(rendez_vous__in=seances).delete()
    lignes = [
        Reservation(rendez_vous=s, ressource=r, debut=s.debut, fin=s.fin)
        for s in seances
        for r in ressources
    ]
    try:
        with transaction.atomic():
            Reservation.objects.bulk_create(lignes)
    except IntegrityError as erreur:
        if "reservation_une_a_la_fois" not in str(erreur):
            raise
        raise ValidationError({"ressources": DEJA_PRISE}) from None
