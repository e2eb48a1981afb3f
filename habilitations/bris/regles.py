"""The delays of a broken glass: data, not code. Who judges it: the matrix (BDG, valider)."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

FICHIER = Path(__file__).parents[1] / "donnees/bris_de_glace.json"


@dataclass(frozen=True)
class Regles:
    duree: timedelta
    explication_minimale: int  # characters
    revue: timedelta

    @property
    def heures(self) -> int:
        return int(self.duree.total_seconds() // 3600)


def lire(donnees: dict[str, Any]) -> Regles:
    return Regles(
        duree=timedelta(hours=donnees["duree_heures"]),
        explication_minimale=donnees["explication_minimale"],
        revue=timedelta(days=donnees["revue_jours"]),
    )


REGLES = lire(json.loads(FICHIER.read_text(encoding="utf-8")))
