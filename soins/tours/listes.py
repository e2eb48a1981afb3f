"""The code lists of the round, as the rules want them."""

from datetime import time

from dui.socle import codes
from soins.tours.regles import Moment

PLUS_TARD, FAIT = "plus_tard", "fait"


def moments() -> dict[str, Moment]:
    return codes.lus("moment_journee", _moments)


def _moments(lus) -> dict[str, Moment]:
    return {
        code: Moment(
            code,
            c.libelle,
            c.proprietes["titre"],
            time.fromisoformat(c.proprietes["debut"]),
            time.fromisoformat(c.proprietes["fin"]),
        )
        for code, c in lus.items()
        if c.actif
    }


def moment_en_mots(code: str) -> str:
    return codes.libelle("moment_journee", code).lower()


def court(code: str) -> str:
    connu = codes.codes("acte_quotidien").get(code)
    return connu.proprietes["court"] if connu else code


def un_par_un(code: str) -> bool:
    """Signed one by one: « tout est fait » says nothing of it."""
    connu = codes.codes("acte_quotidien").get(code)
    return bool(connu and connu.proprietes.get("un_par_un"))


def issue(ecart: str) -> str:
    return codes.codes("ecart_acte")[ecart].proprietes["issue"]


def texte_requis(ecart: str) -> bool:
    connu = codes.codes("ecart_acte").get(ecart)
    return bool(connu and connu.proprietes.get("texte"))
