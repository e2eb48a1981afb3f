"""The code lists of meals and the data of this part, as the rules want them."""

import json
from datetime import time
from functools import cache
from pathlib import Path

from accompagnement.repas.regles import Repas
from dui.socle import codes

FICHIER = Path(__file__).parent / "donnees" / "reglages.json"
PLUS_TARD, PRIS = "plus_tard", "pris"


@cache
def reglages() -> dict:
    return json.loads(FICHIER.read_text(encoding="utf-8"))


def repas() -> dict[str, Repas]:
    return codes.lus("repas", _repas)


def _repas(lus) -> dict[str, Repas]:
    def heure(code, nom):
        return time.fromisoformat(code.proprietes[nom])

    return {
        code: Repas(
            code,
            c.libelle,
            heure(c, "debut"),
            heure(c, "fin"),
            heure(c, "repere"),
            c.proprietes["titre"],
        )
        for code, c in lus.items()
        if c.actif
    }


def compris(modalite: str) -> list[str]:
    """The meals that this kind of stay includes."""
    selon = reglages()["repas_compris"]
    return selon.get(modalite, selon["defaut"])


def propriete(nomenclature: str, code: str, nom: str):
    connu = codes.codes(nomenclature).get(code)
    return connu.proprietes.get(nom) if connu else None


def court(nomenclature: str, code: str) -> str:
    return propriete(nomenclature, code, "court") or codes.libelle(nomenclature, code)


def dans_l_ordre(nomenclature: str, choisis) -> list[str]:
    """Those of the list in its order, then what it does not know."""
    connus = [c for c in codes.codes(nomenclature) if c in choisis]
    return connus + sorted(c for c in choisis if c not in connus)


def texte_requis(ecart: str) -> bool:
    return bool(propriete("ecart_repas", ecart, "texte"))
