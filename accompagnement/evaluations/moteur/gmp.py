"""GMP and GMPS. Points, minimum age and coefficient are data (donnees/gmp.json)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENTIEME = Decimal("0.01")


def gmp(regles: Mapping[str, Any], effectifs: Mapping[int, int]) -> Decimal | None:
    """Points over the number of persons classified; None when nobody is: not zero."""
    classes = sum(effectifs.values())
    if not classes:
        return None
    points = sum(regles["points"][str(gir)] * n for gir, n in effectifs.items())
    return (Decimal(points) / Decimal(classes)).quantize(CENTIEME, ROUND_HALF_UP)


def gmps(regles: Mapping[str, Any], gmp: Decimal | None, pmp: Decimal | None) -> Decimal | None:
    """GMP + 2,59 × PMP; None as long as one of the two is unknown."""
    if gmp is None or pmp is None:
        return None
    return (gmp + Decimal(regles["coefficient_pmp"]) * pmp).quantize(CENTIEME, ROUND_HALF_UP)
