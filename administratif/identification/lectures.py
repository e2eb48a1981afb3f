"""Reads of the identification."""

from dataclasses import dataclass
from datetime import datetime

from administratif.identification import regles
from administratif.identification.pieces import LISTE
from dui.socle import codes, lieux_naissance
from dui.socle.enums import StatutIdentite
from dui.socle.identite import COG_INCONNU
from dui.socle.models import ControlePiece


@dataclass(frozen=True)
class Controle:
    le: datetime
    par: str
    resultat: str
    piece: str
    differents: str
    motif: str
    statut: str


def controles(habilitation, dossier) -> list[Controle]:
    """Who compared which document with the traits, the latest first."""
    lignes = ControlePiece.objects.visibles(habilitation).filter(usager=dossier.usager_id)
    lignes = lignes.select_related("fait_par").order_by("-fait_le", "pk")[:20]
    return [
        Controle(
            le=c.fait_le,
            par=c.fait_par.get_full_name(),
            resultat=c.get_resultat_display(),
            piece=codes.libelle(LISTE, c.piece) if c.piece else "",
            differents=", ".join(regles.TRAITS[d].lower() for d in c.differents),
            motif=c.motif,
            statut=StatutIdentite(c.statut_apres).label,
        )
        for c in lignes
    ]


def lieu_de_naissance(usager) -> str:
    """Lille (59350) ; the name that the code had at the birth."""
    code = usager.lieu_naissance_cog
    if not code:
        return usager.commune_naissance or "non renseigné"
    if code == COG_INCONNU:
        return (
            f"{usager.commune_naissance} (code inconnu)" if usager.commune_naissance else "inconnu"
        )
    nom = usager.commune_naissance or lieux_naissance.libelle(code, usager.date_naissance)
    return f"{nom} ({code})" if nom else f"code {code}, sans nom connu"


def traits_a_comparer(usager) -> dict[str, str]:
    """{name of trait: what our record holds}, as one reads it on a document."""
    return {
        "nom_naissance": usager.nom_naissance,
        "prenoms": usager.prenoms,
        "sexe": usager.get_sexe_display(),
        "date_naissance": usager.naissance_affichee,
        "lieu_naissance_cog": lieu_de_naissance(usager),
    }
