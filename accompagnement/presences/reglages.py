"""The data of this part, and the code lists as the rules want them."""

import json
from datetime import time
from functools import cache
from pathlib import Path

from accompagnement.presences.regles import Demi
from dui.socle import codes

FICHIER = Path(__file__).parent / "donnees" / "reglages.json"


@cache
def reglages() -> dict:
    return json.loads(FICHIER.read_text(encoding="utf-8"))


def demis() -> list[Demi]:
    return codes.lus("demi_journee", _demis)


def _demis(lus) -> list[Demi]:
    def heure(code, nom):
        return time.fromisoformat(code.proprietes[nom])

    return [
        Demi(c.code, c.libelle, heure(c, "debut"), heure(c, "fin"), heure(c, "repere"))
        for c in lus.values()
    ]


def rangs(modalite: str) -> list[int]:
    """Which half-days make the day of this kind of stay."""
    decompte = reglages()["decompte"]
    comptees = decompte.get(modalite, decompte["defaut"])
    return [rang for rang, demi in enumerate(demis()) if demi.code in comptees]


def drapeaux() -> dict[str, dict]:
    return {code: c.proprietes for code, c in codes.codes("motif_absence").items()}


def delai_de_cloture(domaine: str) -> int | None:
    return reglages()["jours_avant_cloture"].get(domaine)
