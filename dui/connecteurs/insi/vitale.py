"""A reading of a carte Vitale: the XML that the reading API of the GIE hands to the workstation
(API de lecture 6.x: one `ident` and one `amo` for each beneficiary of the card)."""

import re
from dataclasses import dataclass, replace
from typing import Any

from dui.connecteurs.insi.erreurs import LectureRefusee
from dui.connecteurs.lecture_xml import XMLRefuse, lire_xml, nom_local

BENEFICIAIRES_MAX = 20  # a family card holds far fewer
_MATRICULE = re.compile(r"\d{5}(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.ASCII)


@dataclass(frozen=True, repr=False)
class Beneficiaire:
    """`naissance`: AAAA-MM-JJ as on the card, where a day or month may be at 00 (lunar date).
    `annee_courte`: JJMMAA when the card does not say the century; a person then completes it.
    `nom_naissance` may be empty: the card then only knows the used name, which is not sent."""

    nom_naissance: str
    nom_usuel: str
    prenom: str
    naissance: str
    annee_courte: str
    rang: str
    matricule: str
    matricule_assure: str
    qualite: str

    def au_siecle(self, siecle: int) -> "Beneficiaire":
        """`siecle`: 19 or 20, said by the person at the desk."""
        j, m, a = (self.annee_courte[i : i + 2] for i in (0, 2, 4))
        return replace(self, naissance=f"{siecle:02d}{a}-{m}-{j}", annee_courte="")


def lire_carte(octets: bytes) -> tuple[Beneficiaire, ...]:
    """Everybody on the card: who is here is a choice of a person, never the first of the list."""
    try:
        racine = lire_xml(octets)
    except XMLRefuse:
        raise LectureRefusee("lecture_illisible") from None
    idents = [e for e in racine.iter() if nom_local(e) == "ident"]
    if not idents:
        raise LectureRefusee("lecture_sans_personne")
    return tuple(_beneficiaire(ident) for ident in idents[:BENEFICIAIRES_MAX])


def garder(lu: Beneficiaire) -> None:
    if lu.annee_courte:
        raise LectureRefusee("siecle_manquant")
    if not lu.naissance:
        raise LectureRefusee("lecture_illisible")
    if not (lu.matricule or lu.matricule_assure):
        raise LectureRefusee("sans_matricule")


def _beneficiaire(ident: Any) -> Beneficiaire:
    naissance, courte = _naissance(_texte(ident, "date"), _texte(ident, "dateEnCarte"))
    benef = ident.getparent()
    return Beneficiaire(
        nom_naissance=_texte(ident, "nomPatronymique"),
        nom_usuel=_texte(ident, "nomUsuel"),
        prenom=_texte(ident, "prenomUsuel"),
        naissance=naissance,
        annee_courte=courte,
        rang=_rang(_texte(ident, "rangDeNaissance")),
        matricule=_matricule(_texte(ident, "nirCertifie")),
        matricule_assure=_matricule(_texte(ident, "nir")),
        qualite=_texte(benef if benef is not None else ident, "qualBenef")[:2],
    )


def _texte(parent: Any, nom: str) -> str:
    trouve = next((e for e in parent.iterdescendants() if nom_local(e) == nom), None)
    return " ".join((trouve.text or "").split())[:100] if trouve is not None else ""


def _naissance(entiere: str, en_carte: str) -> tuple[str, str]:
    """JJMMAAAA (or JJ/MM/AAAA), else JJMMAA without the century."""
    for texte in (entiere, en_carte):
        chiffres = re.sub(r"\D", "", texte)
        if len(chiffres) == 8:
            return f"{chiffres[4:]}-{chiffres[2:4]}-{chiffres[:2]}", ""
    chiffres = re.sub(r"\D", "", en_carte or entiere)
    return "", chiffres if len(chiffres) == 6 else ""


def _rang(texte: str) -> str:
    return texte if re.fullmatch(r"[1-9]", texte) else "1"


def _matricule(texte: str) -> str:
    brut = texte.replace(" ", "").upper()
    return brut if _MATRICULE.fullmatch(brut) else ""
