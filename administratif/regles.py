"""Pure rules of this block. No ORM, no clock."""

import re


def telephone(texte: str) -> str:
    """« 06 39 98 01 12 » from any usual French writing; a foreign number is kept as typed.

    ValueError when it cannot be a number.
    """
    texte = texte.strip()
    if not texte:
        return ""
    if not re.fullmatch(r"\+?[\d\s().\-/]+", texte):
        raise ValueError("Écrivez un numéro de téléphone, avec des chiffres seulement.")
    chiffres = re.sub(r"\D", "", texte)
    national = re.sub(r"^(?:\+|00)33(?:0)?", "0", re.sub(r"[^\d+]", "", texte))
    if re.fullmatch(r"0\d{9}", national):
        return " ".join(re.findall(r"\d\d", national))
    if texte.startswith(("+", "00")) and 8 <= len(chiffres) <= 17:
        return texte
    raise ValueError("Un numéro français compte dix chiffres ; un numéro étranger commence par +.")


def composer(numero: str) -> str:
    """What a telephone dials."""
    return re.sub(r"[^\d+]", "", numero)
