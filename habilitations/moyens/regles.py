"""What makes a password or a personal code too easy to guess; how a browser is named."""

import re
import unicodedata
from itertools import pairwise

CLAVIERS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
SUITES = (*CLAVIERS, *(suite[::-1] for suite in CLAVIERS))
SUITE_MINIMALE, MOT_MINIMAL = 4, 4
RESTE_MINIMAL, LETTRES_MINIMALES = 8, 6

NAVIGATEURS = (
    ("Edge", "Edg/"),
    ("Opera", "OPR/"),
    ("Firefox", "Firefox/"),
    ("Chrome", "Chrome/"),
    ("Safari", "Safari/"),
)
SYSTEMES = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("Mac", "Macintosh"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux"),
)


def normaliser(texte: str) -> str:
    """Small letters and digits alone: « Résidence 2024 ! » is « residence2024 »."""
    nu = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(c for c in nu if c.isalnum())


def mots(*textes: str) -> set[str]:
    """The words that count in names: those long enough to be recognised."""
    trouves = (normaliser(mot) for texte in textes for mot in re.split(r"[\W_]+", texte))
    return {mot for mot in trouves if len(mot) >= MOT_MINIMAL}


def reste_imprevisible(mot_de_passe: str, previsibles: set[str]) -> str:
    """What is left once known words and sequences are taken away, a repeated part counted once."""
    reste = normaliser(mot_de_passe)
    for mot in sorted(previsibles, key=len, reverse=True):
        reste = reste.replace(mot, "")
    return _motif(_sans_suites(reste))


def previsible(mot_de_passe: str, previsibles: set[str]) -> bool:
    reste = reste_imprevisible(mot_de_passe, previsibles)
    return len(reste) < RESTE_MINIMAL or len(set(reste)) < LETTRES_MINIMALES


def _sans_suites(texte: str) -> str:
    garde, debut = [], 0
    while debut < len(texte):
        fin = debut + 1
        while fin < len(texte) and any(texte[debut : fin + 1] in suite for suite in SUITES):
            fin += 1
        if fin - debut < SUITE_MINIMALE:
            garde.append(texte[debut])
            fin = debut + 1
        debut = fin
    return "".join(garde)


def _motif(texte: str) -> str:
    """« chatchatcha » repeats « chat »."""
    for longueur in range(1, len(texte) // 2 + 1):
        if (texte[:longueur] * len(texte))[: len(texte)] == texte:
            return texte[:longueur]
    return texte


def code_trivial(code: str) -> bool:
    """Two digits only, a repeated part, a constant step (123456, 975319), a mirror (123321)."""
    pas = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    repete = len(_motif(code)) < len(code)
    return len(set(code)) < 3 or repete or len(pas) == 1 or code == code[::-1]


def navigateur(agent: str) -> str:
    """« Firefox sur Windows »: enough to recognise one's own session."""
    nom = next((n for n, signe in NAVIGATEURS if signe in agent), "Navigateur")
    systeme = next((n for n, signe in SYSTEMES if signe in agent), "")
    return f"{nom} sur {systeme}" if systeme else nom
