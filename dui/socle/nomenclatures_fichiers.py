"""Load the code lists shipped as files; a list whose version is already there is not touched."""

import json
from pathlib import Path

from django.db import transaction

from dui.socle.models import CodeNomenclature, Nomenclature

DOSSIER = Path(__file__).parent / "nomenclatures"


def livrees() -> list[str]:
    return sorted(fichier.stem for fichier in DOSSIER.glob("*.json"))


def charger_toutes() -> int:
    """Number of lists written. Codes gone from a file stay, inactive: old rows point to them."""
    connues = dict(Nomenclature.objects.values_list("code", "version"))
    nouvelles = 0
    for nom in livrees():
        contenu = json.loads((DOSSIER / f"{nom}.json").read_text(encoding="utf-8"))
        if connues.get(contenu["code"]) != contenu["version"]:
            _charger(contenu)
            nouvelles += 1
    return nouvelles


@transaction.atomic
def _charger(contenu: dict) -> None:
    entete = {c: contenu.get(c, "") for c in ("libelle", "version", "source", "licence")}
    nomenclature, _ = Nomenclature.objects.update_or_create(code=contenu["code"], defaults=entete)
    nomenclature.codes.update(actif=False)
    CodeNomenclature.objects.bulk_create(
        [
            CodeNomenclature(
                nomenclature=nomenclature,
                code=ligne["code"],
                libelle=ligne["libelle"],
                parent=ligne.get("parent", ""),
                ordre=ordre,
                proprietes=ligne.get("proprietes", {}),
            )
            for ordre, ligne in enumerate(contenu["codes"])
        ],
        update_conflicts=True,
        unique_fields=["nomenclature", "code"],
        update_fields=["libelle", "parent", "ordre", "actif", "proprietes"],
    )
