"""What a form says of a meeting, for the services: one object instead of twenty arguments."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from coordination.agenda import regles

CECI, SUITE, TOUTES = "ceci", "suite", "toutes"
PORTEES = [
    (CECI, "Cette fois seulement"),
    (SUITE, "Cette fois et les suivantes"),
    (TOUTES, "Toutes celles à venir"),
]


@dataclass(frozen=True)
class Contenu:
    """`champs`: the plain columns of the meeting. The rest: who, and what it takes."""

    jour: date
    debut: time
    fin: time
    champs: dict[str, Any]
    dossiers: list = field(default_factory=list)
    comptes: list = field(default_factory=list)
    externes: list[str] = field(default_factory=list)
    ressources: list = field(default_factory=list)

    def plage(self, fuseau: str, *, jour: date | None = None) -> tuple[datetime, datetime]:
        return regles.plage(jour or self.jour, self.debut, self.fin, fuseau)
