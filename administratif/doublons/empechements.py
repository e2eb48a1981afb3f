"""What forbids to merge two records, in the words of who reads the pair; and which one to keep."""

from dui.socle import statuts
from dui.socle.enums import StatutIdentite
from dui.socle.models import Dossier
from dui.socle.statuts import Cause, Garde

ALIAS = "L’un de ces deux dossiers est déjà réuni à un autre."
GARDER_L_INS = (
    "L’autre identité a été récupérée par INSi : gardez celle qui porte le matricule INS."
)
DECES = "Le décès n’est pas noté de la même façon des deux côtés : vérifiez et corrigez d’abord."
COLLISION = (
    "Deux personnes sont signalées dans l’un de ces dossiers : refermez d’abord ce signalement."
)
# RNIV: the surest identity is kept, the oldest record when they are equal.
RANGS = {
    StatutIdentite.QUALIFIEE: 0,
    StatutIdentite.VALIDEE: 1,
    StatutIdentite.RECUPEREE: 1,
    StatutIdentite.PROVISOIRE: 2,
}


def proposer_la_gardee(a: Dossier, b: Dossier) -> Dossier:
    """The retrieved one when only one is, or its matricule would be lost; then the surest."""
    return min((a, b), key=_rang)


def _rang(dossier: Dossier) -> tuple:
    usager = dossier.usager
    rang = RANGS[usager.statut_identite]
    return (rang, not usager.ins_recuperee, dossier.ouvert_le, str(dossier.pk))


def empechements(retenu: Dossier, absorbe: Dossier, *, collision: bool) -> list[str]:
    """`collision`: two persons are reported in one of the two."""
    raisons = []
    if retenu.fusionne_dans_id or absorbe.fusionne_dans_id:
        raisons.append(ALIAS)
    try:
        garde = Garde(qualifiees_differentes=_qualifiees_differentes(retenu, absorbe))
        statuts.passer(retenu.usager.faits_identite, Cause.FUSION, garde)
    except statuts.ChangementRefuse as refus:
        raisons.append(str(refus))
    if absorbe.usager.ins_recuperee and not retenu.usager.ins_recuperee:
        raisons.append(GARDER_L_INS)
    if retenu.usager.date_deces != absorbe.usager.date_deces:
        raisons.append(DECES)
    if collision:
        raisons.append(COLLISION)
    return raisons


def _qualifiees_differentes(retenu: Dossier, absorbe: Dossier) -> bool:
    a, b = retenu.usager, absorbe.usager
    qualifiees = {a.statut_identite, b.statut_identite} == {StatutIdentite.QUALIFIEE}
    return qualifiees and (a.matricule_ins, a.oid_ins) != (b.matricule_ins, b.oid_ins)
