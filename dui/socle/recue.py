"""An identity as somebody else sent it: traits in our forms, the rest as received. Pure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dui.socle.identite import COG_INCONNU


@dataclass(frozen=True)
class Recue:
    """`autres`: what the source will need if a dossier is created (stay, contacts…)."""

    nom_naissance: str
    prenoms: str
    sexe: str
    date_naissance: date
    naissance_incomplete: str = ""
    lieu_naissance_cog: str = COG_INCONNU
    commune_naissance: str = ""
    nom_utilise: str = ""
    prenom_utilise: str = ""
    matricule: str = ""
    oid: str = ""
    autres: dict[str, Any] = field(default_factory=dict)

    @property
    def premier_prenom(self) -> str:
        return self.prenoms.split(" ")[0]


def relire(donnees: dict[str, Any]) -> Recue:
    return Recue(**donnees | {"date_naissance": date.fromisoformat(donnees["date_naissance"])})
