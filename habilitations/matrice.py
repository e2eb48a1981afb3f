"""The shipped matrix (27 roles × 35 blocks): loaded once, then edited by the organisme."""

import json
from pathlib import Path

from django.db import transaction

from habilitations.models import Droit, Role

FICHIER = Path(__file__).parent / "donnees/matrice.json"


@transaction.atomic
def charger_si_vide() -> bool:
    if Role.objects.exists():
        return False
    roles = json.loads(FICHIER.read_text(encoding="utf-8"))["roles"]
    champs = ("code", "libelle", "fonction_courte", "profession_code", "acteur", "ordre")
    Role.objects.bulk_create([Role(**{c: r[c] for c in champs}) for r in roles])
    Droit.objects.bulk_create(
        [
            Droit(role_id=r["code"], bloc=bloc, action=action, note=note[0] if note else None)
            for r in roles
            for bloc, action, *note in r["droits"]
        ]
    )
    return True
