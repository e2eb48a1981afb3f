"""Fill the local copy of the demo: the invented extractions, imported as the real ones are."""

import tempfile
from pathlib import Path

from django.conf import settings

from dui.demonstration.annuaire import extraction
from dui.demonstration.annuaire.personnes import Annuaire, de_la_demonstration
from dui.socle.annuaire.importation import Options, importer, seul
from dui.socle.annuaire.lecture import sources


def ecrire(annuaire: Annuaire, dossier: Path) -> list[Path]:
    """The two files of a night, in this folder."""
    activites = dossier / "PS_LibreAcces_Personne_activite.txt"
    bals = dossier / "Extraction_Correspondance_MSSante.txt"
    lignes = "".join(map(extraction.ligne_activite, annuaire.activites))
    activites.write_text(extraction.entete_activites() + lignes, encoding="utf-8")
    bals.write_text(extraction.entete_mssante() + "".join(_bals(annuaire)), encoding="utf-8")
    return [activites, bals]


def _bals(annuaire: Annuaire):
    for a in {a.rpps: a for a in annuaire.activites}.values():
        yield extraction.ligne_mssante(adresse=a.mssante, sorte="PER", activite=a)
    for s in annuaire.etablissements:
        adresse = f"secretariat.{s.finess}@demonstration.mssante.example.org"
        yield extraction.ligne_mssante(
            adresse=adresse, sorte="ORG", structure=s, service="SECRETARIAT MEDICAL"
        )


def charger() -> None:
    with tempfile.TemporaryDirectory() as dossier, seul():
        for chemin in ecrire(de_la_demonstration(), Path(dossier)):
            for source in sources(chemin, taille_max=settings.ANNUAIRE_TAILLE_MAX):
                importer(source, Options())
