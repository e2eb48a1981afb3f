"""A meeting that was called changes or is given up; those who were called are told."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from coordination.models import PointReunion, Reunion
from coordination.reunions.convocation import inscrire, inviter
from coordination.reunions.services import SOURCE
from dui.socle import evenements, taches
from dui.socle.enums import Action, Bloc
from dui.socle.erreurs import ConflitDeVersion
from dui.socle.models import Compte, Dossier, Tache
from dui.socle.sortants import deposer

CONVOCATION = "convocation"
CHANGE = "Un collègue a changé cette réunion depuis que vous l’avez lue."
PLUS_PREVUE = "Cette réunion est tenue ou annulée : elle ne change plus."
SANS_MOTIF = "Dites pourquoi : ceux qui étaient convoqués le liront."


@transaction.atomic
def modifier(
    habilitation, reunion_id, *, version_lue, titre, prevue_le, ordre_du_jour,
    participants=(), invites=(), dossiers=(),
) -> Reunion:  # fmt: skip
    """As `convoquer`. Who is taken off the list is told too; a person of whom something is already
    written or asked stays, and so does one whose record is not open to this account."""
    reunion, dits = _verrouiller(habilitation, reunion_id), (titre.strip(), ordre_du_jour.strip())
    if reunion.version != version_lue:
        listes = [set(participants), {nom.strip() for nom in invites}, set(map(str, dossiers))]
        if _ecrits(habilitation, reunion) == ((*dits, prevue_le), listes):
            return reunion  # the same gesture sent twice
        raise ConflitDeVersion(CHANGE, actuel=reunion)
    avant = _convoques(reunion)
    (reunion.titre, reunion.ordre_du_jour), reunion.prevue_le = dits, prevue_le
    _enregistrer(reunion)
    deja = reunion.participants.all()
    deja.exclude(compte=None).exclude(compte__in=list(participants)).delete()
    deja.filter(compte=None).exclude(nom__in=list(invites)).delete()
    noms = set(deja.filter(compte=None).values_list("nom", flat=True))
    neufs = set(participants) - set(deja.exclude(compte=None).values_list("compte", flat=True))
    inviter(reunion, neufs, [nom for nom in invites if nom not in noms])
    _changer_de_personnes(habilitation, reunion, {str(cle) for cle in dossiers})
    evenements.noter(habilitation, "reunion.modifiee", charge={"reunion": str(reunion.pk)})
    _prevenir(habilitation, reunion, avant | _convoques(reunion), "modifiée")
    return reunion


@transaction.atomic
def annuler(habilitation, reunion_id, *, version_lue, motif) -> Reunion:
    """It stays readable, with its reason."""
    reunion = _verrouiller(habilitation, reunion_id)
    if reunion.version != version_lue:
        raise ConflitDeVersion(CHANGE, actuel=reunion)
    if not motif.strip():
        raise ValidationError({"motif": SANS_MOTIF})
    reunion.etat, reunion.motif = Reunion.Etat.ANNULEE, motif.strip()
    _enregistrer(reunion)
    for dossier in Dossier.objects.filter(points_de_reunion__reunion=reunion).order_by("pk"):
        _noter(habilitation, "reunion.annulee", reunion, dossier)
    evenements.noter(habilitation, "reunion.annulee", charge={"reunion": str(reunion.pk)})
    _prevenir(habilitation, reunion, _convoques(reunion), "annulée")
    return reunion


# ---------------------------------------------------------------- inside


def _verrouiller(habilitation, reunion_id) -> Reunion:
    miennes = Reunion.objects.visibles(habilitation, Action.SAISIR)
    reunion = miennes.select_for_update(of=("self",)).get(pk=reunion_id)
    if not reunion.prevue:
        raise ValidationError(PLUS_PREVUE)
    return reunion


def _ecrits(habilitation, reunion) -> tuple[tuple, list[set]]:
    """What this account may change of it, as a form says it."""
    noms = reunion.participants.filter(compte=None).values_list("nom", flat=True)
    points = PointReunion.objects.visibles(habilitation, Action.SAISIR).filter(reunion=reunion)
    dossiers = {str(cle) for cle in points.values_list("dossier", flat=True)}
    dits = (reunion.titre, reunion.ordre_du_jour, reunion.prevue_le)
    return dits, [_convoques(reunion), set(noms), dossiers]


def _enregistrer(reunion) -> None:
    reunion.version += 1
    reunion.full_clean(exclude=["etablissement", "unite", "animee_par"])
    reunion.save()


def _changer_de_personnes(habilitation, reunion, voulus) -> None:
    inscrits = PointReunion.objects.filter(reunion=reunion)
    miens = inscrits.visibles(habilitation, Action.SAISIR).exclude(dossier__in=voulus)
    demandees = Tache.objects.filter(source_type=SOURCE).values("source_id")
    for point in miens.filter(ecrit_le=None).exclude(pk__in=demandees).select_related("dossier"):
        _noter(habilitation, "reunion.retiree", reunion, point.dossier)
        point.delete()
    deja = inscrits.values_list("dossier", flat=True)
    inscrire(habilitation, reunion, voulus - {str(cle) for cle in deja})


def _convoques(reunion) -> set[int]:
    return set(reunion.participants.exclude(compte=None).values_list("compte", flat=True))


def _prevenir(habilitation, reunion, comptes, mot) -> None:
    le = timezone.localtime(reunion.prevue_le)
    for compte in Compte.objects.filter(pk__in=comptes - {habilitation.compte.pk}).order_by("pk"):
        message = taches.creer(
            habilitation,
            titre=f"Réunion {mot} : {reunion.titre}, {le:%d/%m/%Y à %H:%M}",
            texte=reunion.motif,
            nature=Tache.Nature.MESSAGE,
            bloc=Bloc.PP,
            compte=compte,
            source=(CONVOCATION, reunion.pk),
        )
        deposer("notification.tache", charge={"tache": str(message.pk)}, file="courriel")


def _noter(habilitation, quoi, reunion, dossier) -> None:
    evenements.noter(habilitation, quoi, dossier=dossier, charge={"reunion": str(reunion.pk)})
