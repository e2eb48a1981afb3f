"""What the home page of the cellule gathers: each part of the block adds its own queue or link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dui.socle.enums import Action, Bloc
from dui.socle.registres import Registre

APERCU, SEUIL = 5, 20


@dataclass(frozen=True)
class Ligne:
    """One thing to act upon, with the page where one acts. `usager`, else `libelle` names it."""

    le: date | datetime
    url: str
    geste: str
    usager: Any = None
    libelle: str = ""
    detail: str = ""


@dataclass(frozen=True)
class FileCellule:
    """Something that waits: `lire(habilitation, etablissement, maximum)` gives its `Ligne`s, the
    oldest first, `maximum` at most; `url_nom` is the whole list."""

    nom: str
    libelle: str
    icone: str
    url_nom: str
    lire: Callable[[Any, Any, int], list[Ligne]]
    bloc: str = Bloc.IDV
    action: str = Action.VOIR
    ordre: int = 100


@dataclass(frozen=True)
class LienCellule:
    """Another page of the cellule, in the head of its home."""

    nom: str
    libelle: str
    icone: str
    url_nom: str
    bloc: str = Bloc.IDV
    action: str = Action.VOIR
    ordre: int = 100


files: Registre[FileCellule] = Registre()
liens: Registre[LienCellule] = Registre()


def attentes(habilitation, etablissement) -> list[dict]:
    """[{file, lignes, nombre}] of what waits; a queue that holds nothing is not shown. One query
    each: the count stops at SEUIL."""
    trouvees = []
    for file in files.permis(habilitation):
        lignes = file.lire(habilitation, etablissement, SEUIL + 1)
        if lignes:
            nombre = f"plus de {SEUIL}" if len(lignes) > SEUIL else str(len(lignes))
            trouvees.append({"file": file, "lignes": lignes[:APERCU], "nombre": nombre})
    return trouvees


def en_attente(habilitation, lieu) -> dict | None:
    """For the home page: how many wait in each queue, nobody named."""
    if lieu is None or lieu.etablissement is None:
        return None
    trouvees = attentes(habilitation, lieu.etablissement)
    return {"attentes": trouvees} if trouvees else None
