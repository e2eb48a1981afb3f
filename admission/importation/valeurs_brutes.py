"""What a cell may hold besides a text or a date, and the cleaning of every text."""

import re
import unicodedata


class Formule(str):
    """A computed cell: its value is not imported, since nobody typed it."""


class ErreurDeCalcul(str):
    """#REF!, #N/A… left by a broken formula."""


_INVISIBLES = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROLES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def nettoyer(texte: str) -> str:
    """NFC, no invisible nor control character, no-break spaces made plain, ends stripped."""
    if texte.isascii() and texte.isprintable():
        return texte.strip()
    propre = _CONTROLES.sub(" ", _INVISIBLES.sub("", texte.replace("\r\n", "\n")))
    for espace in "\u00a0\u202f\u2007\u2009":
        propre = propre.replace(espace, " ")
    return unicodedata.normalize("NFC", propre).strip()
