"""Meetings: called, held, and what was decided about each person."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coordination.models import PointReunion, Reunion
from coordination.reunions.convocation import inscrire, inviter
from dui.socle import evenements, taches
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion, refuser_si_autre
from dui.socle.gestes import un_a_la_fois
from dui.socle.models import Tache
from habilitations import destinataires

SOURCE = "reunion"
ANNULEE = "Cette réunion est annulée : rien ne s’y écrit."
CHANGE = "Un collègue a écrit ce compte rendu entre-temps. Relisez-le avant d’enregistrer."


@transaction.atomic
def convoquer(
    habilitation, *, lieu, titre, prevue_le, ordre_du_jour, cle_saisie,
    participants=(), invites=(), dossiers=(),
) -> Reunion:  # fmt: skip
    """`participants`: keys of accounts; `invites`: names; `dossiers`: whose situation is spoken of.
    The same `cle_saisie` twice is one meeting."""
    un_a_la_fois(habilitation)
    if deja := Reunion.objects.filter(cle_saisie=cle_saisie).first():
        dits = {"titre": titre.strip(), "ordre_du_jour": ordre_du_jour.strip()}
        refuser_si_autre(deja, animee_par=habilitation.compte, prevue_le=prevue_le, **dits)
        return deja
    maisons = habilitation.etablissements(Bloc.PP, Action.SAISIR)
    if lieu.etablissement is None or not maisons.filter(pk=lieu.etablissement.pk).exists():
        raise ValidationError("Dites dans quel établissement la réunion se tient.")
    reunion = Reunion.objects.create(
        etablissement=lieu.etablissement,
        unite=lieu.unite,
        titre=titre.strip(),
        prevue_le=prevue_le,
        ordre_du_jour=ordre_du_jour.strip(),
        animee_par=habilitation.compte,
        cle_saisie=cle_saisie,
    )
    inviter(reunion, participants, invites)
    inscrire(habilitation, reunion, dossiers)
    evenements.noter(habilitation, "reunion.convoquee", charge={"reunion": str(reunion.pk)})
    return reunion


@transaction.atomic
def ecrire(habilitation, dossier, point_id, *, version_lue, situation, decisions) -> PointReunion:
    """The part of one person; the first word written makes the meeting held."""
    point = _verrouiller(habilitation, dossier, point_id)
    dits = situation.strip(), decisions.strip()
    if point.version != version_lue:
        if (point.situation, point.decisions) == dits:
            return point  # the same gesture sent twice
        raise ConflitDeVersion(CHANGE, actuel=point)
    point.situation, point.decisions = dits
    point.ecrit_par, point.ecrit_le = habilitation.compte, timezone.now()
    point.version += 1
    point.save()
    reunion = Reunion.objects.select_for_update(of=("self",)).get(pk=point.reunion_id)
    if reunion.etat == Reunion.Etat.PREVUE and reunion.prevue_le <= timezone.now():
        reunion.etat = Reunion.Etat.TENUE
        reunion.version += 1
        reunion.save()
    evenements.noter(
        habilitation, "reunion.ecrite", dossier=dossier, charge={"point": str(point.pk)}
    )
    return point


@transaction.atomic
def confier(habilitation, dossier, point_id, *, a, **champs) -> Tache:
    """A decision that somebody who reads it carries out, for a date."""
    point = _verrouiller(habilitation, dossier, point_id)
    destinataires.refuser_qui_ne_lit_pas(a, dossier, Bloc.PP)
    return taches.creer(
        habilitation,
        dossier=dossier,
        bloc=Bloc.PP,
        source=(SOURCE, point.pk),
        action=Action.SAISIR,
        **a.champs,
        **champs,
    )


def _verrouiller(habilitation, dossier, point_id) -> PointReunion:
    points = PointReunion.objects.visibles(habilitation, Action.SAISIR).filter(dossier=dossier)
    point = points.select_for_update(of=("self",)).get(pk=point_id)
    if point.reunion.etat == Reunion.Etat.ANNULEE:
        raise ValidationError(ANNULEE)
    return point
