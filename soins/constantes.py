"""The code list « constante », read as rules."""

from dui.socle import codes
from soins.regles import Constante, lire_constante

NOMENCLATURE = "constante"
# In the order of a ward's sheet; the pair of the blood pressure is one line.
DANS_L_ORDRE = (
    *("pas", "pad", "fc", "temperature", "spo2", "fr", "glycemie"),
    *("douleur_en", "poids", "taille", "diurese", "apports_hydriques"),
)


def toutes() -> dict[str, Constante]:
    """{code: Constante}, the usual ones first; a code no longer in use stays readable."""
    return codes.lus(NOMENCLATURE, _lire)


def _lire(liste) -> dict[str, Constante]:
    lues = {c.code: lire_constante(c.code, c.libelle, c.proprietes) for c in liste.values()}
    rang = {code: i for i, code in enumerate(DANS_L_ORDRE)}
    return dict(sorted(lues.items(), key=lambda x: rang.get(x[0], len(rang))))


def saisissables() -> dict[str, Constante]:
    en_usage = codes.codes(NOMENCLATURE)
    return {code: c for code, c in toutes().items() if not c.calculee and en_usage[code].actif}


def en_mots(mesure) -> tuple[str, str]:
    """(short name, value with its unit) of a Mesure, even of a code that nobody knows."""
    constante = toutes().get(mesure.code)
    if constante is None:
        return mesure.code, str(mesure.valeur)
    return constante.court, constante.ecrire(mesure.valeur)
