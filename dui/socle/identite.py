"""Pure rules of identity (RNIV, référentiel INS): numbers, names, birth dates, birth places.

No ORM, no clock: the day is an argument. Import of files warns where hand entry refuses, so these
functions state facts and leave the decision to the caller.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

COG_INCONNU = "99999"
AGE_MAXIMAL = 125

OID_NIR = "1.2.250.1.213.1.4.8"
OID_NIA = "1.2.250.1.213.1.4.9"
OID_DE_TEST = frozenset({"1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"})
OID_INS = frozenset({OID_NIR, OID_NIA}) | OID_DE_TEST
# Numbers of the insured person (billing): they may be a spouse's, they are no INS.
OID_ASSURE = frozenset({"1.2.250.1.213.1.4.13", "1.2.250.1.213.1.4.14"})

# Published by the national test books with an arithmetically wrong key.
MATRICULES_DE_TEST_A_CLE_FAUSSE = frozenset(
    {
        "181036322045660",
        "281036322045610",
        "221042545611404",
        "223042545611404",
        "222127505611201",
        "224027511583555",
        "289057545611404",
        "276059205062865",
    }
)

_RACINE = re.compile(
    r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:\d{2}|2A|2B)\d{6}", re.ASCII
)
_COG = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])\d{3}", re.ASCII)
_NOM = re.compile(r"[A-Z]+(?:(?:-{1,2}|[' ])[A-Z]+)*'?")
_PRENOM = re.compile(r"[A-Z]+(?:[-' ][A-Z]+)*")

_LIGATURES = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "æ": "ae",
        "Æ": "AE",
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
        "−": "-",
    }
)


# ---------------------------------------------------------------- NIR, NIA


def cle_nir(racine: str) -> int:
    """97 − (number mod 97) over 13 characters; 2A counts as 19 and 2B as 18."""
    departement = {"2A": "19", "2B": "18"}.get(racine[5:7], racine[5:7])
    chiffres = racine[:5] + departement + racine[7:]
    if len(racine) != 13 or not (chiffres.isascii() and chiffres.isdigit()):
        raise ValueError("13 caractères attendus, lettres admises en 2A et 2B seulement")
    return 97 - int(chiffres) % 97


@dataclass(frozen=True)
class Matricule:
    """A number of the right shape; its key may still be wrong."""

    racine: str
    cle: str

    def __str__(self) -> str:
        return self.racine + self.cle

    @property
    def cle_attendue(self) -> str:
        return f"{cle_nir(self.racine):02d}"

    @property
    def cle_juste(self) -> bool:
        return self.cle == self.cle_attendue

    @property
    def sexe(self) -> str:
        return "M" if self.racine[0] in "137" else "F"

    @property
    def mois(self) -> int | None:
        """None for the pseudo-months given when the month of birth is unknown."""
        mois = int(self.racine[3:5])
        return mois if mois <= 12 else None


def lire_matricule(texte: str) -> Matricule | None:
    """15 characters, or 13 whose key is then computed; None when the shape is wrong."""
    brut = re.sub(r"[\s.\-/]", "", texte).upper()
    if len(brut) not in (13, 15) or not _RACINE.fullmatch(brut[:13]):
        return None
    cle = brut[13:] or f"{cle_nir(brut):02d}"
    return Matricule(brut[:13], cle) if cle.isascii() and cle.isdigit() else None


def matricule_valide(texte: str) -> bool:
    lu = lire_matricule(texte)
    return bool(lu and len(re.sub(r"[\s.\-/]", "", texte)) == 15 and lu.cle_juste)


def incoherences(
    matricule: Matricule, *, sexe: str, naissance: date, incomplete: str = ""
) -> list[str]:
    """What the number says otherwise than the traits; a reason to warn, never to refuse."""
    ecarts = []
    if sexe in ("M", "F") and matricule.sexe != sexe:
        ecarts.append("le sexe")
    if incomplete != "annee" and int(matricule.racine[1:3]) != naissance.year % 100:
        ecarts.append("l’année de naissance")
    if not incomplete and matricule.mois not in (None, naissance.month):
        ecarts.append("le mois de naissance")
    return ecarts


# ---------------------------------------------------------------- names


def forme_ins(texte: str) -> str:
    """Capitals without diacritics, ligatures split, plain apostrophe and hyphen, single spaces."""
    simple = unicodedata.normalize("NFD", texte.translate(_LIGATURES))
    simple = "".join(c for c in simple if unicodedata.category(c) != "Mn")
    return " ".join(simple.split()).upper()


def nom_naissance_admis(nom: str) -> bool:
    return bool(_NOM.fullmatch(nom))


def prenom_admis(prenom: str) -> bool:
    return bool(_PRENOM.fullmatch(prenom))


def cle_comparaison(texte: str) -> str:
    """Hyphen, apostrophe and space are equivalent (EXI ID 10)."""
    return re.sub(r"[-' ]+", " ", forme_ins(texte)).strip()


def premier_prenom_en_tete(premier: str, liste: str) -> bool:
    tete, prenoms = cle_comparaison(premier), cle_comparaison(liste)
    return prenoms == tete or prenoms.startswith(tete + " ")


# ---------------------------------------------------------------- birth place


def cog_admis(code: str) -> bool:
    """The shape of a commune or of a country code; its existence at a date is not checked."""
    return bool(_COG.fullmatch(code))


# ---------------------------------------------------------------- dates


class DateIllisible(ValueError):
    """The message is in French, made for the person who owns the file."""


@dataclass(frozen=True)
class DateLue:
    """`incomplete`: « », jour, mois, jour_mois, annee; the date then follows EXI ID 11-12."""

    date: date
    incomplete: str = ""
    remarque: str = ""


_NOMS_DES_MOIS = [
    "JANVIER JANV JAN",
    "FEVRIER FEVR FEV",
    "MARS MAR",
    "AVRIL AVR",
    "MAI",
    "JUIN JUN",
    "JUILLET JUIL JUL",
    "AOUT AOU",
    "SEPTEMBRE SEPT SEP",
    "OCTOBRE OCT",
    "NOVEMBRE NOV",
    "DECEMBRE DEC",
]
_MOIS = {nom: rang for rang, noms in enumerate(_NOMS_DES_MOIS, start=1) for nom in noms.split()}
_INCONNU = re.compile(r"0{1,2}|\?{1,2}|X{1,2}|-{2}|_{2}|INCONNU")
_HEURE = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_ESTIMEE = re.compile(r"(?:VERS|ENV|ENVIRON|EN|CIRCA|CA|~|≈)\.? *(\d{4})")
_ANNEE_TEXTE = re.compile(r"\d{2}|\d{4}", re.ASCII)


def depuis_numero_excel(numero: int) -> date:
    """Excel counts days from 1899-12-30, since it believes that 1900 was a leap year."""
    return date(1899, 12, 30 if numero > 59 else 31) + timedelta(days=numero)


def _annee(texte: str, aujourd_hui: date, siecle: int | None) -> tuple[int, str]:
    """(year, remark). Two figures: the only possible century, or the one the domain prefers."""
    if len(texte) == 4:
        return int(texte), ""
    possibles = [c + int(texte) for c in (1900, 2000) if c + int(texte) <= aujourd_hui.year]
    if len(possibles) == 1:
        return possibles[0], ""
    if siecle is None:
        raise DateIllisible("Année sur deux chiffres ambiguë : écrivez-la sur quatre chiffres.")
    annee = siecle + int(texte)
    return annee, f"Année « {texte} » lue {annee}."


def _composer(jour: str, mois: str, annee: str, aujourd_hui: date, siecle: int | None) -> DateLue:
    if not _ANNEE_TEXTE.fullmatch(annee) or annee == "0000":
        raise DateIllisible("Année inconnue : donnez au moins l’année estimée, « vers 1931 ».")
    an, remarque = _annee(annee, aujourd_hui, siecle)
    sans_jour, sans_mois = bool(_INCONNU.fullmatch(jour)), bool(_INCONNU.fullmatch(mois))
    try:
        if sans_jour and sans_mois:
            return DateLue(date(an, 12, 31), "jour_mois", remarque)
        if sans_jour:
            return DateLue(date(an, int(mois), 1), "jour", remarque)
        if sans_mois:
            return DateLue(date(an, 1, int(jour)), "mois", remarque)
        return DateLue(date(an, int(mois), int(jour)), "", remarque)
    except ValueError:
        raise DateIllisible(_explication(jour, mois)) from None


def _explication(jour: str, mois: str) -> str:
    if _dans(mois, 13, 31) and _dans(jour, 0, 12):
        return "Le mois dépasse 12 : le jour et le mois semblent inversés."
    return "Cette date n’existe pas dans le calendrier."


def _dans(texte: str, de: int, a: int) -> bool:
    """isdecimal: « ² » and « ① » are digits, of which int() makes nothing."""
    return texte.isdecimal() and de <= int(texte) <= a


_PARTIE = r"(\w{1,2}|\?{1,2}|--)"
_ANNEE_DEVANT = re.compile(rf"(\d{{4}})[-/. ]{_PARTIE}[-/. ]{_PARTIE}")
_ANNEE_DERRIERE = re.compile(rf"{_PARTIE}[-/. ]{_PARTIE}[-/. ](\d{{4}}|\d{{2}})")
_MOIS_ANNEE = re.compile(r"(\d{1,2})[-/.](\d{4})")
_EN_LETTRES = re.compile(r"(?:(\d{1,2})(?:ER)?[ -]+)?([A-Z]+)\.?[ -]+(\d{4}|\d{2})")


def _morceaux(texte: str) -> tuple[str, str, str] | None:
    """(day, month, year) as typed, « 00 » for what is not given; None when nothing fits."""
    if m := _ANNEE_DEVANT.fullmatch(texte):
        return m[3], m[2], m[1]
    if m := _ANNEE_DERRIERE.fullmatch(texte):
        return m[1], m[2], m[3]
    if m := _MOIS_ANNEE.fullmatch(texte):
        return "00", m[1], m[2]
    if (m := _EN_LETTRES.fullmatch(texte)) and m[2] in _MOIS:
        return m[1] or "00", str(_MOIS[m[2]]), m[3]
    if re.fullmatch(r"\d{8}", texte):
        if int(texte[4:6]) <= 12:  # the century of a year is 18 to 21: never a month
            return texte[6:], texte[4:6], texte[:4]
        return texte[:2], texte[2:4], texte[4:]
    if re.fullmatch(r"\d{4}", texte) and 1850 <= int(texte) <= 2100:
        return "00", "00", texte
    return None


def lire_date(valeur: object, *, aujourd_hui: date, siecle: int | None = 1900) -> DateLue:
    """Every usual writing of a date. `siecle` settles « 21 » when 1921 and 2021 are possible."""
    if isinstance(valeur, datetime):
        return DateLue(valeur.date())
    if isinstance(valeur, date):
        return DateLue(valeur)
    texte = _HEURE.sub("", forme_ins(str(valeur)))
    texte = re.sub(r"^(?:NEE?(?:\(E\))? )?(?:LE )?", "", texte).strip()
    if morceaux := _morceaux(texte):
        return _composer(*morceaux, aujourd_hui, siecle)
    if (m := _ESTIMEE.fullmatch(texte)) and int(m[1]):
        return DateLue(date(int(m[1]), 12, 31), "annee")
    if re.fullmatch(r"\d{4,5}(?:[.,]0+)?", texte, re.ASCII):
        return DateLue(depuis_numero_excel(int(re.split("[.,]", texte)[0])))
    raise DateIllisible("Écrivez la date sous la forme JJ/MM/AAAA.")


def lire_naissance(valeur: object, *, aujourd_hui: date, siecle: int | None = 1900) -> DateLue:
    """A birth date is not in the future and nobody is older than 125 years."""
    lue = lire_date(valeur, aujourd_hui=aujourd_hui, siecle=siecle)
    if lue.date > aujourd_hui:
        # 31/12 stands for the whole of an unknown date: the current year is still possible.
        if lue.incomplete in ("jour_mois", "annee") and lue.date.year == aujourd_hui.year:
            return lue
        raise DateIllisible("La date de naissance est dans le futur.")
    if aujourd_hui.year - lue.date.year > AGE_MAXIMAL:
        raise DateIllisible(f"La personne aurait plus de {AGE_MAXIMAL} ans.")
    return lue
