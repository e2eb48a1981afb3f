"""The INS datamatrix (ANS, format v2.2): text of the symbol, its reading, its drawing.

`IS01`, 22 zeros, then the blocks S1 to S7; a separator (ASCII 29) ends S2, S3 and S4 when they are
shorter than their maximum and not last. Pure but for `carre`, which asks zxing-cpp.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dui.socle.identite import OID_DE_TEST, OID_INS, cog_admis, forme_ins, matricule_valide

GS = "\x1d"
ENTETE = "IS01" + "0" * 22
LONGUEURS = {"S1": 15, "S2": 20, "S3": 100, "S4": 100, "S5": 1, "S6": 10, "S7": 5}
FIXES = frozenset({"S1", "S5", "S6", "S7"})
OBLIGATOIRES = ("S1", "S2", "S3", "S4", "S5", "S6")
# How readers that act as keyboards write the separator.
ECRITURES_DU_SEPARATEUR = ("<GS>", "{GS}", "^]", "\u241d")

MESSAGES = {
    "entete": "Ce code n’est pas un datamatrix INS : présentez celui de la mention « INS ».",
    "clavier": "Le lecteur de codes écrit dans une autre disposition de clavier : réglez-le en "
    "AZERTY français, verrouillage des majuscules relâché.",
    "separateur": "Le lecteur de codes n’a pas transmis les séparateurs (caractère GS) : activez-"
    "les dans ses réglages, puis présentez de nouveau le code.",
    "bloc": "Ce datamatrix INS est abîmé ou incomplet : présentez-le de nouveau.",
    "oid": "La nature du matricule est inconnue : ce code ne peut pas servir.",
    "test": "Ce datamatrix porte une identité de test : elle n’entre pas dans une base réelle.",
    "cle": "La clé du matricule est fausse : ce code ne peut pas servir.",
    "trait": "Un trait de ce datamatrix n’a pas la forme attendue.",
}


class DatamatrixIllisible(ValueError):
    """`code`: why; the message is for whoever holds the reader, `detail` names the blocks."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(MESSAGES[code])
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class TraitsLus:
    """What the symbol holds; first names as one list, the order of the civil status."""

    matricule: str
    oid: str
    prenoms: str
    nom: str
    sexe: str
    naissance: date
    cog: str = ""


def composer(traits: TraitsLus) -> str:
    valeurs = {
        "S1": traits.matricule,
        "S2": traits.oid,
        "S3": forme_ins(traits.prenoms),
        "S4": forme_ins(traits.nom),
        "S5": traits.sexe,
        "S6": f"{traits.naissance:%d-%m-}{traits.naissance.year:04d}",
        "S7": traits.cog,
    }
    blocs = {bloc: valeur[: LONGUEURS[bloc]] for bloc, valeur in valeurs.items() if valeur}
    dernier = list(blocs)[-1]
    return ENTETE + "".join(
        bloc + valeur + (GS if bloc != dernier and _a_separer(bloc, valeur) else "")
        for bloc, valeur in blocs.items()
    )


def _a_separer(bloc: str, valeur: str) -> bool:
    return bloc not in FIXES and len(valeur) < LONGUEURS[bloc]


def lire(texte: str, *, accepte_test: bool = False) -> TraitsLus:
    """What a camera or a reader gave. Nothing is guessed: what is lost is said."""
    brut = _nettoyer(texte)
    if not brut.startswith("IS01") or len(brut) < len(ENTETE):
        autre_clavier = brut[:4].upper() == "IS01" or brut.startswith(("ISà&", "isà&"))
        raise DatamatrixIllisible("clavier" if autre_clavier else "entete")
    try:
        blocs = _decouper(brut)
    except DatamatrixIllisible:
        if GS not in brut:
            raise DatamatrixIllisible("separateur") from None
        raise
    return _controler(blocs, accepte_test)


def _nettoyer(texte: str) -> str:
    for ecriture in ECRITURES_DU_SEPARATEUR:
        texte = texte.replace(ecriture, GS)
    texte = texte.strip(" \t\r\n")  # never strip(): it would take a separator away
    return re.sub(r"^\]d\d", "", texte)  # the symbology identifier that some readers add


def _decouper(brut: str) -> dict[str, str]:
    blocs = dict(_blocs(brut))
    if manquent := [b for b in OBLIGATOIRES if not blocs.get(b)]:
        raise DatamatrixIllisible("bloc", ",".join(manquent))
    return blocs


def _blocs(brut: str) -> Iterator[tuple[str, str]]:
    position, vus = len(ENTETE), set()
    while position < len(brut):
        bloc = brut[position : position + 2]
        if bloc not in LONGUEURS or bloc in vus:
            raise DatamatrixIllisible("bloc", bloc)
        vus.add(bloc)
        debut = position + 2
        fin = min(debut + LONGUEURS[bloc], len(brut))
        if bloc in FIXES:
            if fin - debut != LONGUEURS[bloc]:
                raise DatamatrixIllisible("bloc", bloc)
        elif (separateur := brut.find(GS, debut, fin)) >= 0:
            fin = separateur
        yield bloc, brut[debut:fin]
        position = fin + (brut[fin : fin + 1] == GS)


def _controler(blocs: dict[str, str], accepte_test: bool) -> TraitsLus:
    matricule, oid = blocs["S1"], blocs["S2"]
    if oid not in OID_INS:
        raise DatamatrixIllisible("oid", oid)
    if oid in OID_DE_TEST and not accepte_test:
        raise DatamatrixIllisible("test", oid)
    # Published test matricules often have a wrong key.
    if oid not in OID_DE_TEST and not matricule_valide(matricule):
        raise DatamatrixIllisible("cle", "S1")
    if blocs["S5"] not in ("M", "F"):
        raise DatamatrixIllisible("trait", "S5")
    if "S7" in blocs and not cog_admis(blocs["S7"]):
        raise DatamatrixIllisible("trait", "S7")
    return TraitsLus(
        matricule,
        oid,
        blocs["S3"],
        blocs["S4"],
        blocs["S5"],
        _date(blocs["S6"]),
        blocs.get("S7", ""),
    )


def _date(texte: str) -> date:
    if not re.fullmatch(r"\d{2}-\d{2}-\d{4}", texte, re.ASCII):
        raise DatamatrixIllisible("trait", "S6")
    try:
        return datetime.strptime(texte, "%d-%m-%Y").date()
    except ValueError:
        raise DatamatrixIllisible("trait", "S6") from None


def carre(texte: str) -> list[list[bool]]:
    """The rows of the ECC 200 square, one module of quiet zone around; True is black."""
    import zxingcpp

    symbole: Any = zxingcpp.create_barcode(
        texte, zxingcpp.BarcodeFormat.DataMatrix, force_square=True
    ).to_image()
    return [[point < 128 for point in ligne] for ligne in memoryview(symbole).tolist()]


def chemin_svg(texte: str) -> tuple[int, str]:
    """(side in modules, `d` of the path): one rectangle for each run of black modules."""
    lignes = carre(texte)
    traits = [
        f"M{debut} {y}h{longueur}v1h-{longueur}z"
        for y, ligne in enumerate(lignes)
        for debut, longueur in _suites(ligne)
    ]
    return len(lignes), "".join(traits)


def _suites(ligne: list[bool]) -> Iterator[tuple[int, int]]:
    debut = None
    for x, noir in enumerate([*ligne, False]):
        if noir and debut is None:
            debut = x
        elif not noir and debut is not None:
            yield debut, x - debut
            debut = None
