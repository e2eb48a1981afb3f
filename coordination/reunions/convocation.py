"""Whom a meeting calls, and of whom one speaks there: written when it is called, and changed."""

from coordination.models import Participant, PointReunion
from dui.socle import evenements
from dui.socle.enums import Action, Bloc
from dui.socle.models import Compte, Dossier
from habilitations.detenteurs import comptes_ayant


def inviter(reunion, participants, invites) -> None:
    connus = comptes_ayant(Bloc.ID, Action.RESUME, reunion.etablissement)
    comptes = Compte.objects.filter(pk__in=connus.filter(pk__in=list(participants)).values("pk"))
    lignes = [Participant(reunion=reunion, compte=c) for c in comptes.order_by("pk")]
    lignes += [Participant(reunion=reunion, nom=nom.strip()) for nom in invites if nom.strip()]
    Participant.objects.bulk_create(lignes)


def inscrire(habilitation, reunion, dossiers) -> None:
    """Only the records that one may write a project in; the others are not even named."""
    ouverts = Dossier.objects.pour_ecrire(habilitation, Bloc.PP).filter(pk__in=list(dossiers))
    for dossier in ouverts.order_by("pk"):
        PointReunion.objects.create(reunion=reunion, dossier=dossier)
        evenements.noter(
            habilitation,
            "reunion.inscrite",
            dossier=dossier,
            charge={"reunion": str(reunion.pk)},
        )
