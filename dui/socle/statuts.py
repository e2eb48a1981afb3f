"""The status of an identity (RNIV 1, guide INS v3): two facts, three attributes, and what may
change them. Pure: the writing, its author and its reason are the services' business.

A pair (status, cause) that is not listed here does not exist: it is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import models

from dui.socle.enums import StatutIdentite

PROV, RECUP = StatutIdentite.PROVISOIRE, StatutIdentite.RECUPEREE
VALI, QUAL = StatutIdentite.VALIDEE, StatutIdentite.QUALIFIEE


class Cause(models.TextChoices):
    CREATION = "creation", "Création à la main"
    CREATION_INSI = "creation_insi", "Création depuis INSi"
    CREATION_APCV = "creation_apcv", "Création depuis l’application carte Vitale"
    INSI_TROUVEE = "insi_trouvee", "Identité trouvée par INSi, traits acceptés"
    INSI_AUCUNE = "insi_aucune", "INSi ne trouve personne"
    INSI_PLUSIEURS = "insi_plusieurs", "INSi trouve plusieurs personnes"
    INSI_DIVERGENTE = "insi_divergente", "INSi donne d’autres traits"
    PIECE_CONTROLEE = "piece_controlee", "Pièce d’identité contrôlée"
    PIECE_INCOHERENTE = "piece_incoherente", "La pièce montre d’autres traits"
    VERIFICATION_OK = "verification_ok", "INS vérifiée par INSi"
    VERIFICATION_KO = "verification_ko", "INS refusée par INSi à la vérification"
    TRAIT_MODIFIE = "trait_modifie", "Trait strict modifié"
    USAGE_MODIFIE = "usage_modifie", "Nom ou prénom utilisé modifié"
    DOUTE = "doute", "Identité signalée douteuse"
    DOUTE_LEVE = "doute_leve", "Doute levé"
    FICTIVE = "fictive", "Identité déclarée fictive"
    HOMONYME = "homonyme", "Homonyme signalé"
    HOMONYME_LEVE = "homonyme_leve", "Homonyme levé"
    CONTROLE_ANNULE = "controle_annule", "Contrôle de la pièce annulé"
    FUSION = "fusion", "Fusion de deux identités"
    DATAMATRIX = "datamatrix", "Datamatrix INS lu"
    FLUX = "flux", "Identité reçue d’un autre logiciel"


# The matricule and its OID leave the active identity; the history keeps them.
RETIRENT_LE_MATRICULE = frozenset(
    {
        Cause.PIECE_INCOHERENTE,
        Cause.VERIFICATION_KO,
        Cause.TRAIT_MODIFIE,
        Cause.DOUTE,
        Cause.FICTIVE,
    }
)


class ChangementRefuse(ValueError):
    """The message is in French, made for whoever asked for the change."""


@dataclass(frozen=True)
class Faits:
    """`recuperee`: traits and matricule come from INSi; `validee`: a document of high confidence
    was compared with them."""

    recuperee: bool = False
    validee: bool = False
    homonyme: bool = False
    douteuse: bool = False
    fictive: bool = False

    def __post_init__(self):
        if self.fictive and (self.homonyme or self.douteuse):
            raise ChangementRefuse("Une identité fictive ne porte aucun autre attribut.")
        if self.suspecte and (self.recuperee or self.validee):
            raise ChangementRefuse("Une identité douteuse ou fictive est provisoire.")

    @property
    def suspecte(self) -> bool:
        """INSi must not be called, the matricule must not be used (EXI SI 09)."""
        return self.douteuse or self.fictive

    @property
    def statut(self) -> StatutIdentite:
        if self.recuperee:
            return QUAL if self.validee else RECUP
        return VALI if self.validee else PROV


@dataclass(frozen=True)
class Garde:
    """What the cause depends on beside the status."""

    confiance_elevee: bool = True  # of the document that was shown
    qualifiees_differentes: bool = False  # a merge of two persons, each with her own matricule


SANS_GARDE = Garde()
Regle = Callable[[Faits, Garde], Faits]


def _rien(faits: Faits, garde: Garde) -> Faits:
    return faits


def _poser(**champs: bool) -> Regle:
    return lambda faits, garde: replace(faits, **champs)


def _confirmer(**champs: bool) -> Regle:
    """What makes the identity surer needs that nobody doubts it."""

    def regle(faits: Faits, garde: Garde) -> Faits:
        if faits.suspecte:
            raise ChangementRefuse(
                "Cette identité est douteuse ou fictive : levez d’abord le doute."
            )
        return replace(faits, **champs)

    return regle


def _piece(faits: Faits, garde: Garde) -> Faits:
    return _confirmer(validee=True)(faits, garde) if garde.confiance_elevee else faits


def _lever_le_doute(faits: Faits, garde: Garde) -> Faits:
    if not faits.douteuse:
        raise ChangementRefuse("Cette identité n’est pas signalée douteuse.")
    return replace(faits, douteuse=False)


def _fusionner(faits: Faits, garde: Garde) -> Faits:
    if garde.qualifiees_differentes:
        raise ChangementRefuse(
            "Deux identités qualifiées de matricules différents ne fusionnent pas."
        )
    return faits


_provisoire = {"recuperee": False, "validee": False}
_TOUS = {
    Cause.DOUTE: _poser(douteuse=True, **_provisoire),
    Cause.FICTIVE: _poser(fictive=True, **_provisoire),
    Cause.HOMONYME: _poser(homonyme=True),
    Cause.HOMONYME_LEVE: _poser(homonyme=False),
    Cause.FUSION: _fusionner,
    Cause.DATAMATRIX: _rien,
    Cause.FLUX: _rien,  # quarantine: never a status by itself
}
REGLES: dict[tuple[StatutIdentite | None, Cause], Regle] = {
    (None, Cause.CREATION): _rien,
    (None, Cause.CREATION_INSI): _poser(recuperee=True),
    (None, Cause.CREATION_APCV): _poser(recuperee=True, validee=True),
    (PROV, Cause.INSI_TROUVEE): _confirmer(recuperee=True),
    (PROV, Cause.INSI_AUCUNE): _rien,
    (PROV, Cause.INSI_PLUSIEURS): _rien,
    (PROV, Cause.PIECE_CONTROLEE): _piece,
    (PROV, Cause.DOUTE_LEVE): _lever_le_doute,
    (RECUP, Cause.PIECE_CONTROLEE): _piece,
    (RECUP, Cause.PIECE_INCOHERENTE): _poser(**_provisoire),
    (RECUP, Cause.VERIFICATION_KO): _poser(**_provisoire),
    (RECUP, Cause.TRAIT_MODIFIE): _poser(**_provisoire),
    (VALI, Cause.INSI_TROUVEE): _confirmer(recuperee=True),
    (VALI, Cause.INSI_DIVERGENTE): _rien,
    (VALI, Cause.INSI_AUCUNE): _rien,
    (VALI, Cause.INSI_PLUSIEURS): _rien,
    (VALI, Cause.TRAIT_MODIFIE): _poser(**_provisoire),
    (VALI, Cause.CONTROLE_ANNULE): _poser(validee=False),
    (QUAL, Cause.VERIFICATION_OK): _rien,
    (QUAL, Cause.VERIFICATION_KO): _poser(recuperee=False),
    (QUAL, Cause.TRAIT_MODIFIE): _poser(**_provisoire),
    (QUAL, Cause.USAGE_MODIFIE): _rien,
    (QUAL, Cause.CONTROLE_ANNULE): _poser(validee=False),
    **{(statut, cause): regle for statut in StatutIdentite for cause, regle in _TOUS.items()},
}


def passer(faits: Faits | None, cause: Cause, garde: Garde = SANS_GARDE) -> Faits:
    """The facts once `cause` has happened; None stands for an identity that does not exist yet."""
    statut = faits.statut if faits else None
    regle = REGLES.get((statut, cause))
    if regle is None:
        ici = f"Une identité {statut.label.lower()}" if statut else "Une identité à créer"
        raise ChangementRefuse(f"{ici} ne change pas ainsi : {cause.label.lower()}.")
    return regle(faits or Faits(), garde)
