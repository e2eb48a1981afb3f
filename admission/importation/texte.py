"""Delimited text: encoding, delimiter, records."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from admission.importation.refus import EXPORTER_DE_NOUVEAU, FichierRefuse
from admission.importation.valeurs_brutes import nettoyer

ECHANTILLON = 64 * 1024
SEPARATEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
# A French text in one of these reads as letters in its own code page, as symbols in the others.
ANCIENS = ["cp1252", "cp850", "mac_roman"]
_ATTENDUES = set("éèêëàâäîïôöùûüçÉÈÊËÀÂÎÏÔÙÛÇœŒ’°ñÑ")
_BRUITS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF8_ACCENTUE = re.compile(rb"\xc3[\x80-\xbf]")


def _refus_binaire() -> FichierRefuse:
    return FichierRefuse("Ce fichier n’est ni un texte ni un classeur.", EXPORTER_DE_NOUVEAU)


def _est_utf8(flux: BinaryIO) -> bool:
    decodeur = codecs.getincrementaldecoder("utf-8")()
    flux.seek(0)
    try:
        while bloc := flux.read(ECHANTILLON):
            decodeur.decode(bloc)
        decodeur.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_sans_marque(tete: bytes) -> str | None:
    """Latin text in UTF-16 has a NUL in nearly every pair, always at the same place."""
    paires = max(len(tete) // 2, 1)
    if tete[1::2].count(0) > 0.7 * paires and tete[0::2].count(0) < 0.05 * paires:
        return "utf-16-le"
    if tete[0::2].count(0) > 0.7 * paires and tete[1::2].count(0) < 0.05 * paires:
        return "utf-16-be"
    return None


def _ancien_encodage(flux: BinaryIO) -> str:
    flux.seek(0)
    contenu = flux.read(2**20)
    if _UTF8_ACCENTUE.search(contenu):
        raise FichierRefuse(
            "Le fichier mélange deux encodages : des accents seraient perdus.",
            EXPORTER_DE_NOUVEAU,
        )

    def vraisemblance(encodage: str) -> int:
        haut = contenu.decode(encodage, "replace")
        return sum(1 if c in _ATTENDUES else -1 for c in haut if ord(c) > 127)

    return max(ANCIENS, key=vraisemblance)  # the first one wins a tie


def detecter_encodage(flux: BinaryIO) -> str:
    flux.seek(0)
    tete = flux.read(ECHANTILLON)
    if tete.startswith(codecs.BOM_UTF8):
        if not _est_utf8(flux):
            raise FichierRefuse("Le fichier UTF-8 est abîmé.", EXPORTER_DE_NOUVEAU)
        return "utf-8-sig"
    if tete.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise _refus_binaire()
    if tete.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in tete:
        if encodage := _utf16_sans_marque(tete):
            return encodage
        raise _refus_binaire()
    if len(_BRUITS.findall(tete)) > len(tete) / 200:
        raise _refus_binaire()
    return "utf-8" if _est_utf8(flux) else _ancien_encodage(flux)


def _texte(flux: BinaryIO, encodage: str) -> io.TextIOWrapper:
    flux.seek(0)
    return io.TextIOWrapper(flux, encoding=encodage, errors="replace", newline="")


def _debut(flux: BinaryIO, encodage: str) -> str:
    lecteur = _texte(flux, encodage)
    try:
        debut = lecteur.read(ECHANTILLON)
    finally:
        lecteur.detach()
    lignes = debut.splitlines(keepends=True)
    return "".join(lignes[:-1] if len(lignes) > 1 and len(debut) == ECHANTILLON else lignes)


def _regularite(debut: str, separateur: str) -> tuple[float, int]:
    """(share of the records that have the commonest width, that width); 0 when it is 1."""
    largeurs = Counter(
        len(cellules)
        for cellules in csv.reader(io.StringIO(debut, newline=""), delimiter=separateur)
    )
    largeurs.pop(0, None)
    if not largeurs:
        return 0, 0
    largeur, nombre = max(largeurs.items(), key=lambda couple: (couple[1], couple[0]))
    return (nombre / largeurs.total(), largeur) if largeur > 1 else (0, 1)


def detecter_separateur(debut: str) -> str:
    """`sep=;` as Excel writes it, else the delimiter that cuts the records most regularly."""
    if m := re.match(r"sep=(.)\r?\n", debut):
        return m[1]
    try:
        return max(SEPARATEURS, key=lambda s: _regularite(debut, s))
    except csv.Error:
        raise FichierRefuse(
            "Un guillemet ouvert n’est jamais fermé dans le fichier.", EXPORTER_DE_NOUVEAU
        ) from None


def examiner(flux: BinaryIO) -> tuple[dict[str, str], list[str]]:
    encodage = detecter_encodage(flux)
    debut = _debut(flux, encodage)
    if not debut.strip():
        raise FichierRefuse("Le fichier est vide.", EXPORTER_DE_NOUVEAU)
    separateur = detecter_separateur(debut)
    avertissements = []
    if encodage in ANCIENS:
        avertissements.append(
            "Le fichier n’est pas en UTF-8 : vérifiez les accents dans les premières lignes."
        )
    return {"encodage": encodage, "separateur": separateur}, avertissements


def lire(flux: BinaryIO, details: dict[str, str]) -> Iterator[tuple[int, list]]:
    """(number of the record, its cells). A record may span several physical lines."""
    lecteur = _texte(flux, details["encodage"])
    try:
        numero = 0
        for cellules in csv.reader(lecteur, delimiter=details["separateur"]):
            if numero == 0 and cellules and re.fullmatch(r"\ufeff?sep=.?", cellules[0]):
                continue
            numero += 1
            yield numero, [nettoyer(c) for c in cellules]
    except (csv.Error, UnicodeError):
        raise FichierRefuse(
            "Le fichier est abîmé : une cellule n’a pas de fin ou un caractère est illisible.",
            EXPORTER_DE_NOUVEAU,
        ) from None
    finally:
        lecteur.detach()
