"""What the pages of an import show; nothing here writes."""

import io
from itertools import islice

from admission.importation.colonnes import conseils, deviner
from admission.importation.lecture import ouvrir
from admission.models import Importation, LigneRejetee
from admission.recues import SOURCE
from dui.socle import coffre
from dui.socle.models import IdentiteRecue

EXEMPLES = 3
REJETS_AFFICHES = 100


def apercu(importation: Importation) -> tuple[list[dict], list[str]]:
    """For each column of the file: rank, header, first values; then what to know about it."""
    contenu = coffre.lire(importation, contexte=importation.pk.bytes)
    tableau = ouvrir(io.BytesIO(contenu))
    lignes = [
        ligne
        for ligne in islice(tableau.lignes(), importation.entete + EXEMPLES)
        if ligne.numero >= importation.entete
    ]
    titres, exemples = lignes[0].cellules, [ligne.cellules for ligne in lignes[1 : EXEMPLES + 1]]
    largeur = max(len(cellules) for cellules in (titres, *exemples))
    devinees = deviner([str(c) for c in titres])
    colonnes = [
        {
            "rang": rang,
            "titre": _cellule(titres, rang)[:60] or f"Colonne {rang + 1}",
            "exemples": [_cellule(ligne, rang)[:40] for ligne in exemples],
            "incertaine": rang in devinees and not devinees[rang].sure,
        }
        for rang in range(largeur)
    ]
    return colonnes, [*tableau.avertissements, *conseils([str(c) for c in titres])]


def _cellule(cellules, rang: int) -> str:
    valeur = cellules[rang] if rang < len(cellules) else ""
    return valeur if isinstance(valeur, str) else f"{valeur:%d/%m/%Y}"


def travail(importation: Importation, urls) -> dict:
    """What {% progression %} draws: count, rate and remaining time."""
    secondes = max(importation.duree.total_seconds(), 0.1)
    debit = importation.faites / secondes
    reste = ""
    if debit and importation.total > importation.faites and not importation.finie:
        attente = (importation.total - importation.faites) / debit
        reste = f"{_duree(attente)} ({debit:.0f} lignes par seconde)"
    return {
        "libelle": importation.get_etat_display(),
        "fait": importation.faites,
        "total": importation.total or 1,
        "reste": reste,
        "rejets": importation.rejetees,
        "termine": not importation.en_travail,
        **urls,
    }


def libelle_importer(importation: Importation) -> str:
    """The button says how many people it creates."""
    nombre = importation.creees
    return f"Importer {nombre} personne{'s' if nombre > 1 else ''}" if nombre else "Importer"


def _duree(secondes: float) -> str:
    return f"{secondes:.0f} s" if secondes < 90 else f"{secondes / 60:.0f} min"


def rejets_de(importation: Importation):
    return LigneRejetee.objects.filter(importation=importation).order_by("ligne", "pk")


def confiees(importation: Importation) -> int:
    """The lines that go, or went, to the cellule d'identitovigilance."""
    if importation.etat == Importation.Etat.SIMULEE:
        return importation.simulation.get("quarantaine", 0)
    siennes = IdentiteRecue.objects.filter(source=SOURCE, repere__startswith=f"{importation.pk} ")
    return siennes.count()
