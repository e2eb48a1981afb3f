"""The table of PATHOS couples, imported by the establishment: a code list like the others."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from accompagnement.evaluations import catalogue
from accompagnement.evaluations.moteur.pathos import Etat, lire_table
from dui.socle import codes
from dui.socle.models import CodeNomenclature, Nomenclature

NOMENCLATURE = "etat_pathos"


def table() -> Mapping[str, Etat]:
    """{number: state}; empty as long as nothing was imported."""
    return codes.lus(NOMENCLATURE, _lire)


def _lire(lignes) -> dict[str, Etat]:
    return {
        code: Etat(
            code,
            ligne.proprietes["domaine"],
            ligne.libelle,
            tuple(ligne.proprietes["profils"]),
            ligne.proprietes["version_guide"],
        )
        for code, ligne in lignes.items()
        if ligne.actif
    }


@transaction.atomic
def importer(lignes: Iterable[str]) -> int:
    """Replace the table; a state gone from it stays, inactive: old coupes name it."""
    profils = [p["code"] for p in catalogue.definition("pathos").brut["profils"]]
    etats = lire_table(lignes, profils)
    nomenclature, _ = Nomenclature.objects.update_or_create(
        code=NOMENCLATURE,
        defaults={
            "libelle": "États pathologiques (PATHOS)",
            "version": etats[0].version_guide,
            "source": "Guide PATHOS de la CNSA, importé par l’établissement",
            "licence": "",
        },
    )
    nomenclature.codes.update(actif=False)
    CodeNomenclature.objects.bulk_create(
        [
            CodeNomenclature(
                nomenclature=nomenclature,
                code=etat.numero,
                libelle=etat.libelle,
                ordre=int(etat.numero),
                proprietes={
                    "domaine": etat.domaine,
                    "profils": list(etat.profils),
                    "version_guide": etat.version_guide,
                },
            )
            for etat in etats
        ],
        update_conflicts=True,
        unique_fields=["nomenclature", "code"],
        update_fields=["libelle", "ordre", "actif", "proprietes"],
    )
    codes.oublier()
    return len(etats)
