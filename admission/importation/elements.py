"""The small readings: sex, GIR, telephone, name… Each returns a value or raises ValeurRefusee."""

import json
import re
from functools import cache
from pathlib import Path

from dui.socle.identite import COG_INCONNU, cle_comparaison, cog_admis, forme_ins

_ABSENCES = "X, N/A, NA, NC, NR, NEANT, INCONNU, INCONNUE, AUCUN, AUCUNE, NON RENSEIGNE, NON CONNU"
ABSENTES = frozenset(_ABSENCES.split(", "))

_SEXES = {
    "M": "M", "H": "M", "1": "M", "MASCULIN": "M", "MASC": "M", "HOMME": "M", "MALE": "M",
    "F": "F", "2": "F", "FEMININ": "F", "FEM": "F", "FEMME": "F",
    "I": "I", "INDETERMINE": "I",
}  # fmt: skip
_CIVILITES = {
    "M": "M", "MR": "M", "MONSIEUR": "M", "MONS": "M", "1": "M",
    "MME": "MME", "MADAME": "MME", "MLLE": "MME", "MADEMOISELLE": "MME", "2": "MME",
}  # fmt: skip
SEXE_DE_CIVILITE = {"M": "M", "MME": "F"}

_NUMERO = re.compile(r"(?:\+|00)?\d(?:[\s.\-]?(?:\(0\))?\d){3,14}")
_COURRIEL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[A-Za-z]{2,}")
_MOTS_DE_MARIAGE = {"NEE", "EPOUSE", "VEUVE", "VVE", "EP"}
_NOM_AFFICHE = re.compile(r"[^\W\d_]+(?:(?:--?|['’. ]{1,2})[^\W\d_]+)*[.'’]?")
_TITRE_MEDECIN = re.compile(r"^(?:dr|docteur|dct|pr|professeur)\b\.?\s*", re.IGNORECASE)


class ValeurRefusee(ValueError):
    def __init__(self, raison: str, que_faire: str = ""):
        super().__init__(raison)
        self.raison = raison
        self.que_faire = que_faire or "Corrigez la valeur dans le fichier."


def _mot(texte: str) -> str:
    return forme_ins(texte).strip(" .")


def sexe(texte: str) -> str:
    mot = _mot(texte)
    if mot in _SEXES:
        return _SEXES[mot]
    if mot in _CIVILITES:
        return SEXE_DE_CIVILITE[_CIVILITES[mot]]
    raise ValeurRefusee("Ce sexe n’est pas reconnu.", "Écrivez M ou F.")


def civilite(texte: str) -> str:
    """Another title (« Sœur », « Père ») is no civility: it is left out, not refused."""
    return _CIVILITES.get(_mot(texte), "")


def gir(texte: str) -> int:
    m = re.match(r"(?:GIR\s*)?:?\s*([1-6])(?:[.,]0)?(?!\d)", _mot(texte))
    if not m:
        raise ValeurRefusee("Le GIR va de 1 à 6.", "Écrivez un chiffre de 1 à 6, ou rien.")
    return int(m[1])


def telephone(texte: str) -> tuple[str, str]:
    """(the first number, as the French group it; what was left out)."""
    m = _NUMERO.search(texte)
    if not m:
        raise ValeurRefusee("Ce n’est pas un numéro de téléphone.")
    brut = re.sub(r"[\s.\-]|\(0\)", "", m[0])
    reste = (texte[: m.start()] + texte[m.end() :]).strip(" .-/,;:()")
    if re.fullmatch(r"[1-9]\d{8}", brut):  # a spreadsheet dropped the leading zero
        brut = f"0{brut}"
    if re.fullmatch(r"0\d{9}", brut):
        brut = " ".join(brut[i : i + 2] for i in range(0, 10, 2))
    return brut, reste


def courriel(texte: str) -> str:
    if not _COURRIEL.fullmatch(texte):
        raise ValeurRefusee("Cette adresse de courriel n’est pas complète.")
    return texte.lower()


def chambre(texte: str) -> str:
    numero = re.sub(r"^(?:(?:chambre|chbre|ch)\b\.?\s*)?(?:n°\s*)?", "", texte, flags=re.I).strip()
    if len(numero) > 10:
        raise ValeurRefusee("Le numéro de chambre dépasse 10 caractères.")
    return numero


def nom_affiche(texte: str) -> str:
    """A used name stays as typed: accents, capitals, hyphens."""
    propre = " ".join(texte.replace("\n", " ").split())
    if not _NOM_AFFICHE.fullmatch(propre):
        raise ValeurRefusee("Ce nom contient un caractère inattendu.")
    return propre


def controler_mariage(nom: str) -> None:
    mots = nom.replace("-", " ").split()
    if len(mots) > 1 and _MOTS_DE_MARIAGE & set(mots[1:] if mots[0] == "EP" else mots):
        raise ValeurRefusee(
            "La cellule contient deux noms.",
            "Mettez le nom de naissance et le nom utilisé dans deux colonnes.",
        )


def cog(texte: str) -> str:
    code = re.sub(r"\s", "", texte).upper()
    if re.fullmatch(r"\d{4}", code):  # a spreadsheet dropped the leading zero
        code = f"0{code}"
    if not cog_admis(code):
        raise ValeurRefusee(
            "Ce n’est pas un code officiel géographique.",
            "Cinq caractères, celui de la commune ou du pays ; 99999 quand il est inconnu.",
        )
    return code


@cache
def _pays() -> dict[str, str]:
    donnees = json.loads((Path(__file__).parent / "pays.json").read_text(encoding="utf-8"))
    return {cle_comparaison(nom): code for nom, code in donnees["codes"].items()}


def cog_du_pays(pays: str) -> str:
    """A French or unlisted country gives no code: the place stays unknown (99999)."""
    return _pays().get(cle_comparaison(pays), COG_INCONNU)


def medecin(texte: str) -> str:
    return _TITRE_MEDECIN.sub("", texte).strip()


def separer_nom(texte: str) -> tuple[str, str]:
    """« Claire MARTIN » → (MARTIN, Claire): the words in capitals are the name, when some are."""
    mots = texte.split()
    majuscules = [m for m in mots if m == m.upper() and len(m) > 1]
    if not majuscules or len(majuscules) == len(mots):
        return texte, ""
    return " ".join(majuscules), " ".join(m for m in mots if m not in majuscules)


def ressemble_a_une_formule(texte: str) -> bool:
    """« =cmd|… », « @SUM », « +A1 »; « -1 », « +33 6… » and « - » are no formulas."""
    debut = texte.lstrip("'\"\t ")
    if debut[:1] in ("=", "@", "＝", "＠"):  # full-width twins
        return True
    return debut[:1] in ("+", "-", "＋", "－") and bool(re.search(r"[^\W\d_]|[|!(]{2}", debut[1:]))


_LIENS = {
    "FILS": "SONC", "FILLE": "DAUC", "MERE": "MTH", "PERE": "FTH", "SOEUR": "SIS", "FRERE": "BRO",
    "EPOUSE": "WIFE", "FEMME": "WIFE", "EPOUX": "HUSB", "MARI": "HUSB", "CONJOINT": "DOMPART",
    "CONJOINTE": "DOMPART", "COMPAGNON": "DOMPART", "COMPAGNE": "DOMPART", "PARTENAIRE": "DOMPART",
    "PETIT FILS": "GRNDSO", "PETITE FILLE": "GRNDDAU", "GRAND MERE": "GRMTH",
    "GRAND PERE": "GRFTH", "ONCLE": "UNCLE", "TANTE": "AUNT", "NEVEU": "NEPHEW", "NIECE": "NIECE",
    "COUSIN": "COUSN", "COUSINE": "COUSN", "AMI": "FRND", "AMIE": "FRND", "VOISIN": "NBOR",
    "VOISINE": "NBOR", "FAMILLE": "FAMMEMB", "PROCHE": "SIGOTHR", "TUTEUR": "TUTEUR",
    "TUTRICE": "TUTEUR", "CURATEUR": "CURATEUR", "CURATRICE": "CURATEUR", "MANDATAIRE": "MSVG",
}  # fmt: skip
_REPRESENTANTS = {"TUTEUR", "CURATEUR", "MSVG"}


def role_et_relation(lien: str, *, premier: bool) -> tuple[str, str]:
    """(role, relation) of a contact. The legal flags stay off: a list proves no guardianship."""
    relation = _LIENS.get(cle_comparaison(lien).split("(")[0].strip(), "")
    if relation in _REPRESENTANTS:
        return "GUARD", relation
    if premier:
        return "ECON", relation
    return ("NOK" if relation else "CON"), relation
