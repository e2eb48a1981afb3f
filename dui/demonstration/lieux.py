"""Birth places with their official geographical code; a few merged since, still right at birth."""

from dui.demonstration import textes
from dui.demonstration.tirage import Urne

# « name code », the nearest first: the rank makes the weight.
LISTE = [tuple(c.rsplit(" ", 1)) for c in textes.listes("noms.txt")["communes"].split("|")]
_COMMUNES = Urne.par_rang(LISTE, amorti=4)


def commune(alea) -> tuple[str, str]:
    return _COMMUNES.tirer(alea)


def departement_nir(cog: str, annee: int) -> str:
    """Corsica was 20 until 1976; overseas keeps three figures."""
    if cog[:2] in ("2A", "2B") and annee < 1976:
        return "20" + cog[2:]
    return cog


def matricule(alea, *, sexe, naissance, cog, cle) -> str:
    """A number of demonstration: right shape, right key, and an order that no birth registry gave.
    `cle` is the rule that computes the key."""
    racine = f"{'1' if sexe == 'M' else '2'}{naissance:%y%m}"
    racine += departement_nir(cog, naissance.year) + f"{alea.randint(600, 999)}"
    return f"{racine}{cle(racine):02d}"
