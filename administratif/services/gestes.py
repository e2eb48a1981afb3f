"""What every act on an identity does: open the person, change the facts, conclude."""

from django.core.exceptions import ValidationError

from administratif.services.communs import garder, noter
from dui.socle import statuts
from dui.socle.enums import Action
from dui.socle.fusion import absorbe_par
from dui.socle.models import Dossier, Usager
from dui.socle.statuts import Cause, Garde


def ouvrir(habilitation, dossier, bloc, action=Action.SAISIR) -> Usager:
    """The person of a dossier that this right opens, locked until the end of the act; the record
    first, in the order of a merge."""
    absorbe_par(dossier.pk)
    ouverts = Dossier.objects.visibles(habilitation, bloc, action).filter(pk=dossier.pk)
    return Usager.objects.select_for_update(of=("self",)).get(pk__in=ouverts.values("usager"))


def passer(usager, cause: Cause, garde: Garde = statuts.SANS_GARDE) -> None:
    """Change the facts, in memory; what the table of statuses refuses is said to the reader."""
    try:
        usager.faits_identite = statuts.passer(usager.faits_identite, cause, garde)
    except statuts.ChangementRefuse as refus:
        raise ValidationError(str(refus)) from None
    if cause in statuts.RETIRENT_LE_MATRICULE:
        usager.matricule_ins = usager.oid_ins = ""


def conclure(habilitation, dossier, usager, cause: Cause, motif="", **charge) -> Usager:
    raison = f"{cause.label} : {motif}" if motif else cause.label
    garder(habilitation, usager, motif=raison)
    noter(
        habilitation,
        f"identite.{cause.value}",
        usager,
        dossier,
        statut=usager.statut_identite.value,
        **charge,
    )
    return usager
