"""What may leave for whom, as far as the identity of the person goes (EXI SI 08, Ségur INS/va1.53).

The right of the account is the policy's, an opposition of the person is asked by whoever sends.
"""

from dataclasses import dataclass

from dui.socle import ins
from dui.socle.enums import StatutIdentite


@dataclass(frozen=True)
class Canal:
    code: str
    libelle: str
    exige_qualifiee: bool


CANAUX = (
    Canal("DMP", "Dossier médical partagé (DMP)", exige_qualifiee=True),
    Canal("MES", "Mon espace santé", exige_qualifiee=True),
    Canal("MSS", "MSSanté, à un professionnel", exige_qualifiee=False),
)


@dataclass(frozen=True)
class Passage:
    """Whether this canal takes something about this person now, and why, in one sentence."""

    canal: Canal
    ouvert: bool
    raison: str


def passages(usager) -> list[Passage]:
    return [passage(canal, usager) for canal in CANAUX]


def passage(canal: Canal, usager) -> Passage:
    if trouvee := ins.transmissible(usager):
        return Passage(canal, True, f"Avec le matricule INS et sa nature ({trouvee.nature}).")
    statut = usager.statut_identite
    etat = f"l’identité est {statut.label.lower()}"
    if statut == StatutIdentite.QUALIFIEE:  # of a nature that is not used here: a test identity
        etat = ins.OID_REFUSE[0].lower() + ins.OID_REFUSE[1:].rstrip(".")
    if canal.exige_qualifiee:
        return Passage(canal, False, f"Il lui faut une identité qualifiée : {etat}.")
    return Passage(canal, True, f"Sans le matricule INS : {etat}.")
