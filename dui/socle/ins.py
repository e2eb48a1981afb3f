"""The matricule INS, as it may leave: `transmissible` is the only way out.

Pages, prints, PDF, exports and exchanges ask this function, never the columns: no matricule
without its nature, none when the identity is not qualified, no test identity outside a demo
(EXI ID 29, EXI SI 08; a sentinel test walks the producers).
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.html import format_html

from dui.socle import datamatrix
from dui.socle.enums import StatutIdentite
from dui.socle.identite import COG_INCONNU, OID_DE_TEST

NATURES = {
    "1.2.250.1.213.1.4.8": "NIR",
    "1.2.250.1.213.1.4.9": "NIA",
    "1.2.250.1.213.1.4.10": "NIR de test",
    "1.2.250.1.213.1.4.11": "NIR de démonstration",
}
MODULE_MM, COTE_MAXIMAL_MM = 0.45, 21.0  # a hand reader wants 0.35 mm a module; the head is 25
OID_REFUSE = "Ce matricule n’est pas une INS utilisable ici : identité de test ou nature inconnue."


@dataclass(frozen=True)
class Ins:
    """A matricule and its OID: never one without the other."""

    matricule: str
    oid: str

    @property
    def nature(self) -> str:
        return NATURES[self.oid]

    @property
    def groupee(self) -> str:
        m = self.matricule
        return f"{m[0]} {m[1:3]} {m[3:5]} {m[5:7]} {m[7:10]} {m[10:13]} {m[13:]}"

    def __str__(self) -> str:
        return f"{self.groupee} ({self.nature})"


def oid_admis(oid: str) -> bool:
    """Test identities only enter a demonstration or the tests."""
    if not oid:
        return True
    return oid in NATURES and (settings.DEMONSTRATION or oid not in OID_DE_TEST)


def transmissible(usager) -> Ins | None:
    """What a producer may write of this person's INS: nothing unless the identity is qualified."""
    if usager.statut_identite != StatutIdentite.QUALIFIEE or not usager.oid_ins:
        return None
    if not oid_admis(usager.oid_ins):
        return None
    return Ins(usager.matricule_ins, usager.oid_ins)


def texte_datamatrix(usager) -> str:
    """The text of the symbol, or nothing when the INS may not leave."""
    trouvee = transmissible(usager)
    if trouvee is None:
        return ""
    cog = usager.lieu_naissance_cog
    return datamatrix.composer(
        datamatrix.TraitsLus(
            matricule=trouvee.matricule,
            oid=trouvee.oid,
            prenoms=usager.prenoms,
            nom=usager.nom_naissance,
            sexe=usager.sexe,
            naissance=usager.date_naissance,
            cog="" if cog == COG_INCONNU else cog,
        )
    )


def datamatrix_svg(usager) -> str:
    """The symbol drawn for a sheet of paper, empty when the INS may not leave."""
    texte = texte_datamatrix(usager)
    if not texte:
        return ""
    cote, chemin = datamatrix.chemin_svg(texte)
    return format_html(
        '<svg class="datamatrix" role="img" aria-label="Datamatrix INS" viewBox="0 0 {0} {0}" '
        'width="{2}mm" height="{2}mm" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"></rect><path d="{1}" fill="#000"></path></svg>',
        cote,
        chemin,
        f"{min(cote * MODULE_MM, COTE_MAXIMAL_MM):.1f}",
    )
