"""Open and close the portal for somebody: nominative rights, taken from the matrix."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dui.socle.enums import Bloc
from dui.socle.evenements import noter
from dui.socle.journal import consigner
from habilitations.equipe.lectures import affectations_de, ouvertes
from habilitations.models import AccesNominatif, Droit, Role

# Conditions of the matrix: representation for the person (22), consent block by block (24).
SUR_ACCORD = {22, 24}


@transaction.atomic
def ouvrir_acces_portail(
    habilitation,
    dossier,
    *,
    compte,
    qualite: str,
    motif: str,
    fin: date | None = None,
    accords: Iterable[str] = (),
) -> list[AccesNominatif]:
    """Give `compte` the rights of `qualite` on this dossier; those under condition only for the
    blocks named in `accords`. Opening again replaces what was open."""
    _verifier(compte, motif, fin)
    blocs = _blocs_accordes(qualite, set(accords))
    _clore(dossier, compte)
    acces = [
        AccesNominatif.objects.update_or_create(
            user=compte,
            permission=permission,
            content_object=dossier,
            defaults={"fin": fin, "motif": motif, "qualite": qualite},
        )[0]
        for permission in _permissions(blocs)
    ]
    charge = {"compte": compte.pk, "qualite": qualite, "blocs": sorted(blocs)}
    noter(habilitation, "portail.acces_ouvert", dossier=dossier, charge=charge)
    tracer(habilitation, "portail.acces_ouvert", dossier, charge)
    return acces


@transaction.atomic
def fermer_acces_portail(habilitation, dossier, *, compte, motif: str) -> int:
    """At once; the rows stay, with their end, for whoever asks what was open."""
    if not motif.strip():
        raise ValidationError("Dites pourquoi l’accès se ferme.")
    nombre = _clore(dossier, compte)
    charge = {"compte": compte.pk, "motif": motif[:200]}
    noter(habilitation, "portail.acces_ferme", dossier=dossier, charge={"compte": compte.pk})
    tracer(habilitation, "portail.acces_ferme", dossier, charge)
    return nombre


def _verifier(compte, motif, fin) -> None:
    if ouvertes(affectations_de(compte)):
        raise ValidationError("Ce compte est celui d’un professionnel : ouvrez un compte à part.")
    if not motif.strip():
        raise ValidationError("Dites pourquoi l’accès s’ouvre.")
    if fin and fin < timezone.localdate():
        raise ValidationError("La fin de l’accès est déjà passée.")


def _blocs_accordes(qualite: str, accords: set[str]) -> set[str]:
    role = Role.objects.filter(pk=qualite, acteur=Role.Acteur.PORTAIL).first()
    if role is None:
        raise ValidationError("Cette qualité n’ouvre pas le portail.")
    droits = dict(Droit.objects.filter(role=role, action="voir").values_list("bloc", "note"))
    if refuses := accords - droits.keys():
        noms = ", ".join(sorted(Bloc(b).label for b in refuses))
        raise ValidationError(f"Cette qualité ne donne jamais accès à : {noms}.")
    blocs = {b for b, note in droits.items() if note not in SUR_ACCORD or b in accords}
    if not blocs:
        raise ValidationError("La personne doit accepter au moins une partie de son dossier.")
    return blocs


def _permissions(blocs: set[str]):
    codes = [f"voir_{bloc}" for bloc in blocs]
    permissions = Permission.objects.filter(
        content_type__app_label="socle", content_type__model="dossier", codename__in=codes
    )
    return permissions.order_by("pk")


def _clore(dossier, compte) -> int:
    hier = timezone.localdate() - timedelta(days=1)
    ouverts = AccesNominatif.objects.en_cours().filter(content_object=dossier, user=compte)
    return ouverts.update(fin=hier)


@transaction.atomic
def tracer(habilitation, acte: str, dossier, faits) -> None:
    consigner(
        habilitation, "administrer", dossier=dossier, bloc=Bloc.PAR, cible=acte, contexte=faits
    )
