"""A carte Vitale at the desk: one search for each person it names. Its matricules are left aside,
and nothing of the reading is kept: a card proves nobody's identity."""

from dataclasses import dataclass
from datetime import date

from django.core import signing

from admission.creation import criteres
from dui.connecteurs.insi import Beneficiaire
from dui.socle.identite import DateIllisible, forme_ins, lire_naissance

SEL = "identites.carte"


@dataclass(frozen=True)
class Lu:
    """`jeton`: the search of this person, signed for this account; none without a whole year."""

    nom: str
    prenom: str
    naissance: str
    jeton: str


def proposer(compte, beneficiaires, *, aujourd_hui: date) -> list[Lu]:
    return [_proposer(compte, lu, aujourd_hui) for lu in beneficiaires]


def _proposer(compte, lu: Beneficiaire, aujourd_hui: date) -> Lu:
    nom = lu.nom_naissance or lu.nom_usuel
    ecrite = "/".join(reversed(lu.naissance.split("-"))) if lu.naissance else ""
    try:
        lue = lire_naissance(ecrite, aujourd_hui=aujourd_hui)
    except DateIllisible:
        return Lu(nom, lu.prenom, ecrite, "")
    traits = {
        "nom_naissance": forme_ins(lu.nom_naissance),
        "premier_prenom": forme_ins(lu.prenom),
        "naissance": ecrite,
    }
    cherche = criteres.Criteres(
        lue.date,
        lue.incomplete,
        nom=forme_ins(nom)[: criteres.LETTRES],
        prenom=forme_ins(lu.prenom)[: criteres.LETTRES],
        traits=tuple(traits.items()),
    )
    contenu = {"compte": compte.pk, "criteres": criteres.ecrire(cherche)}
    return Lu(nom, lu.prenom, ecrite, signing.dumps(contenu, salt=SEL, compress=True))


def relire(jeton: str, compte, *, duree: int) -> criteres.Criteres | None:
    try:
        lu = signing.loads(jeton, salt=SEL, max_age=duree)
    except signing.BadSignature:
        return None
    return criteres.relire(lu["criteres"]) if lu["compte"] == compte.pk else None
