"""The code list « constante », read as rules."""

from django.utils import timezone

from dui.socle import codes
from soins import regles
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


def fautes(valeurs, *, dossier, mesuree_le=None) -> dict[str, str]:
    """{code or « mesuree_le »: what cannot be true}, all at once; the moment may be unknown."""
    trouvees, le = {}, timezone.localdate(mesuree_le)
    if mesuree_le and mesuree_le > timezone.now():
        trouvees["mesuree_le"] = "Ce moment est dans le futur. Corrigez le jour ou l’heure."
    elif le < dossier.usager.date_naissance:
        trouvees["mesuree_le"] = "Cette date précède la naissance."
    connues, age = saisissables(), max(dossier.usager.age(le), 0)
    refus = {code: regles.refus(connues[code], v, age=age) for code, v in valeurs.items()}
    trouvees |= {code: message for code, message in refus.items() if message}
    if {"pas", "pad"} <= valeurs.keys() - trouvees.keys():
        inversion = regles.refus_pression(valeurs["pas"], valeurs["pad"])
        trouvees |= {"pad": inversion} if inversion else {}
    return trouvees
