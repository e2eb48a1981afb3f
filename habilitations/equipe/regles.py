"""Who may give which role: data (donnees/attributions.json), and what follows from it."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.utils.text import slugify

FICHIER = Path(__file__).parents[1] / "donnees/attributions.json"
DUREE_PROPOSEE = timedelta(days=7)
# Neither 0, O, 1, I nor L: a code is read aloud and copied by hand. Sixteen of these: 78 bits.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUPES, PAR_GROUPE = 4, 4


@dataclass(frozen=True)
class Attribution:
    """What a role may give: these roles, for so many days (None: no limit)."""

    roles: frozenset[str]
    jours: int | None


@lru_cache(maxsize=1)
def _donnees() -> dict:
    return json.loads(FICHIER.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def attributions() -> dict[str, Attribution]:
    toutes = _donnees()["attributions"].items()
    return {r: Attribution(frozenset(a["roles"]), a["jours"]) for r, a in toutes}


def refus_du_debut(debut: date, jour: date) -> dict[str, str]:
    """Backdated, an access rewrites who could read; far ahead, its code would wait for years."""
    bornes = _donnees()["debut"]
    premier, dernier = (jour + timedelta(days=n) for n in (-bornes["avant"], bornes["apres"]))
    if premier <= debut <= dernier:
        return {}
    return {"debut": f"Entre le {premier:%d/%m/%Y} et le {dernier:%d/%m/%Y}."}


@dataclass(frozen=True)
class Perimetre:
    """Where one affectation lets its holder administer, and what it may give there."""

    etablissement: UUID
    unite: UUID | None  # None: the whole house
    portee: str  # the widest scope that may be given
    attribution: Attribution

    def couvre(self, etablissement: UUID, unite: UUID | None) -> bool:
        return self.etablissement == etablissement and self.unite in (None, unite)

    def donne(self, role: str, etablissement: UUID, unite: UUID | None, portee: str) -> bool:
        ici = self.couvre(etablissement, unite)
        return ici and self.donne_la_portee(portee) and role in self.attribution.roles

    def donne_la_portee(self, portee: str) -> bool:
        """A house gives itself or its units; a unit gives itself; a team, teams only."""
        return portee in (self.portee, "equipe") or (self.portee, portee) == (
            "etablissement",
            "unite",
        )


def refus_des_dates(
    debut: date, fin: date | None, perimetres: Iterable[Perimetre], *, jour: date
) -> dict[str, str]:
    """{field: why}; the most generous of the perimeters that give the role counts."""
    limites = [p.attribution.jours for p in perimetres]
    bornees = [j for j in limites if j is not None]
    limite = max(bornees, default=0) if len(bornees) == len(limites) else None
    if refus := refus_du_debut(debut, jour):
        return refus
    if fin and fin < debut:
        return {"fin": "La fin précède le début."}
    if limite is None:
        return {}
    if fin is None:
        return {"fin": "Dites jusqu’à quand : l’accès se ferme seul ce jour-là."}
    if (fin - debut).days > limite:
        return {"fin": f"Au plus {limite} jours : au-delà, demandez à l’administrateur."}
    return {}


def base_identifiant(prenom: str, nom: str) -> str:
    """claire.martin; empty when nothing of the names can be typed on any keyboard."""
    morceaux = (slugify(prenom), slugify(nom))
    return ".".join(m for m in morceaux if m)[:140]


def premier_libre(base: str, pris: set[str]) -> str:
    """claire.martin, then claire.martin2…"""
    if base not in pris:
        return base
    rang = 2
    while f"{base}{rang}" in pris:
        rang += 1
    return f"{base}{rang}"


def nouveau_code() -> str:
    """K7QF-92MX-ATRE-4HWP"""
    lettres = [secrets.choice(ALPHABET) for _ in range(GROUPES * PAR_GROUPE)]
    return "-".join(
        "".join(lettres[i : i + PAR_GROUPE]) for i in range(0, len(lettres), PAR_GROUPE)
    )


def code_nu(saisi: str) -> str:
    """As typed: small letters, spaces and dashes do not matter."""
    return "".join(c for c in saisi.upper() if c.isalnum())
