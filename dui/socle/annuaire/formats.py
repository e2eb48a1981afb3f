"""From a line of a national file to a row: by the titles of its columns, never by their rank."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dui.socle.annuaire.lecture import FichierRefuse

REGLES = Path(__file__).with_name("colonnes.json")
IDENTIFIANT = re.compile(r"[0-9A-Za-z][0-9A-Za-z/._-]{2,119}")
ADRESSE = re.compile(r"[^\s@|<>\"]{1,64}@[0-9A-Za-z.-]{3,189}")
CONTROLE = re.compile(r"[\x00-\x1f\x7f]")
RPPS = re.compile(r"[0-9]{11}")
TYPES_DE_BAL = {"PER", "ORG", "APP", "CAB"}

COLONNES = {
    "activites": (
        *("idnps", "rpps", "civilite", "nom", "prenom", "profession", "savoir_faire", "mode"),
        *("secteur", "genre", "role", "structure", "finess", "finess_ej", "raison_sociale"),
        *("enseigne", "adresse", "code_postal", "commune", "telephone"),
    ),
    "mssante": (
        *("adresse", "type", "idnps", "structure", "service", "dematerialisation"),
        *("finess", "raison_sociale", "enseigne", "code_postal", "commune"),
    ),
}


class Rejet(Exception):
    """A line that is left out, and why."""


@dataclass
class Lecteur:
    """Reads the lines of one file; keeps the labels met on the way, and counts warnings."""

    format: str
    rangs: dict[str, tuple[int, int]]
    largeur: int
    libelles: dict[tuple[str, str], str] = field(default_factory=dict)
    avertissements: int = 0

    def lire(self, brut: bytes | None) -> tuple[str, ...]:
        """The row in the order of COLONNES[format]; Rejet when it cannot be trusted."""
        return LECTURES[self.format](self, self._champs(brut))

    def _champs(self, brut: bytes | None) -> dict[str, str]:
        if brut is None:
            raise Rejet("ligne trop longue")
        try:
            texte = brut.decode()
        except UnicodeDecodeError:
            raise Rejet("n’est pas en UTF-8") from None
        texte = texte.rstrip("\r\n")
        if CONTROLE.search(texte):
            raise Rejet("caractère de contrôle")
        valeurs = texte.split("|")
        if len(valeurs) == self.largeur + 1 and not valeurs[-1]:
            valeurs.pop()
        if len(valeurs) != self.largeur:
            raise Rejet(f"{self.largeur} colonnes attendues, {len(valeurs)} lues")
        champs = {}
        for nom, (rang, longueur) in self.rangs.items():
            valeur = valeurs[rang].strip()
            if len(valeur) > longueur:
                raise Rejet(f"{nom} : plus de {longueur} caractères")
            champs[nom] = valeur
        return champs


def reconnaitre(titres: list[str], nom: str) -> Lecteur | None:
    """The reader of this file; None for a known file that holds nothing we keep."""
    regles = _regles()
    for code, regle in regles["formats"].items():
        exiges = {t for t, _, *facultatif in regle["champs"].values() if not facultatif}
        if exiges <= set(titres):
            rangs = {
                champ: (titres.index(titre), longueur)
                for champ, (titre, longueur, *_) in regle["champs"].items()
                if titre in titres
            }
            return Lecteur(code, rangs, len(titres))
    for exiges in regles["sans_usage"].values():
        if set(exiges) <= set(titres):
            return None
    raise FichierRefuse(f"{nom} : colonnes inconnues. Attendus : {_attendus(regles)}.")


def nomenclatures() -> dict[str, list[str]]:
    """{field: [nomenclature, its label]}: the lists whose labels come with the files."""
    return _regles()["nomenclatures"]


@cache
def _regles() -> dict:
    return json.loads(REGLES.read_text(encoding="utf-8"))


def _attendus(regles) -> str:
    return " ou ".join(f"« {r['libelle']} »" for r in regles["formats"].values())


def cle_de_luhn_juste(numero: str) -> bool:
    total = 0
    for rang, chiffre in enumerate(reversed(numero)):
        valeur = int(chiffre) * (1 + rang % 2)
        total += valeur - 9 if valeur > 9 else valeur
    return total % 10 == 0


def _activite(lecteur: Lecteur, c: dict[str, str]) -> tuple[str, ...]:
    if not IDENTIFIANT.fullmatch(c["idnps"]):
        raise Rejet("identification nationale absente ou illisible")
    if not c["nom"]:
        raise Rejet("nom d’exercice absent")
    rpps = c["identifiant"] if c["type"] == "8" else ""
    if rpps and not RPPS.fullmatch(rpps):
        raise Rejet("numéro RPPS illisible")
    if rpps and not cle_de_luhn_juste(rpps):
        lecteur.avertissements += 1  # published examples break it too: told, not refused
    for nom in ("profession", "savoir_faire", "mode", "secteur"):
        libelle = c.get(f"{nom}_libelle")
        if libelle and c[nom]:
            lecteur.libelles[nom, c[nom]] = libelle
    voie = (c["voie_numero"], c["voie_indice"], c["voie_type"], c["voie_nom"])
    return (
        *(c["idnps"], rpps, c["civilite"] or c["civilite_usuelle"], c["nom"], c["prenom"]),
        *(c["profession"], c["savoir_faire"], c["mode"], c["secteur"], c.get("genre", "")),
        *(c["role"], _structure(c), c["finess"], c["finess_ej"], c["raison_sociale"]),
        *(c["enseigne"], " ".join(v for v in voie if v), c["code_postal"]),
        *(c.get("commune") or commune_de(c["acheminement"]), c["telephone"]),
    )


def _structure(c: dict[str, str]) -> str:
    """The national identifier of a structure: a digit for its kind, then its number."""
    if c["finess"]:
        return f"1{c['finess']}"
    if c["siret"]:
        return f"3{c['siret']}"
    if c["technique"]:
        return f"4{c['technique']}"
    return f"2{c['siren']}" if c["siren"] else ""


def commune_de(acheminement: str) -> str:
    """« 63000 CLERMONT FERRAND CEDEX 1 » → « CLERMONT FERRAND »."""
    sans_code = re.sub(r"^\d{4,5}\s+", "", acheminement)
    return re.sub(r"\s+CEDEX.*$", "", sans_code, flags=re.IGNORECASE)


def _bal(lecteur: Lecteur, c: dict[str, str]) -> tuple[str, ...]:
    adresse, sorte = c["adresse"].lower(), c["type"].upper()
    if sorte not in TYPES_DE_BAL:
        raise Rejet("type de boîte aux lettres inconnu")
    if not ADRESSE.fullmatch(adresse):
        raise Rejet("adresse MSSanté illisible")
    if sorte == "PER" and not IDENTIFIANT.fullmatch(c["idnps"]):
        raise Rejet("adresse personnelle sans professionnel")
    numero = c["structure_numero"]
    if sorte in ("ORG", "APP") and not numero:
        raise Rejet("adresse de structure sans structure")
    return (
        *(adresse, sorte, c["idnps"], f"{c['structure_type']}{numero}" if numero else ""),
        *(c["service"], "t" if c["dematerialisation"].upper().startswith("O") else "f"),
        *(_finess(c), c["raison_sociale"], c["enseigne"]),
        *(c["code_postal"], commune_de(c["acheminement"])),
    )


def _finess(c: dict[str, str]) -> str:
    numero = c["structure_numero"]
    return numero if c["structure_type"] == "1" and len(numero) == 9 else ""


LECTURES: dict[str, Callable[[Lecteur, dict[str, str]], tuple[str, ...]]] = {
    "activites": _activite,
    "mssante": _bal,
}
