"""FHIR resources of the directory, read as plain facts. Whatever a field holds, nothing breaks.

Identifiers are told by `type.coding.code` (IDNPS, RPPS, IDNST, FINEG, FINEJ), since systems changed
from one version to the next. An address is an MSSanté one only when its extension says so, and one
on the red list is never given to anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

EXT_MESSAGERIE = "fr-core-contact-point-email-type"
EXT_BAL = "as-ext-mailbox-mss-metadata"
TYPES_DE_BAL = ("PER", "ORG", "APP", "CAB")
AU_PLUS = 200  # items of one list in one resource: far above what exists


@dataclass(frozen=True)
class Bal:
    adresse: str
    type: str
    service: str = ""
    liste_rouge: bool = False


@dataclass(frozen=True)
class Professionnel:
    api: str
    actif: bool
    idnps: str
    rpps: str
    civilite: str = ""
    nom: str = ""
    prenom: str = ""
    profession: str = ""
    savoir_faire: str = ""
    bals: tuple[Bal, ...] = ()
    partiel: bool = False


@dataclass(frozen=True)
class Structure:
    api: str
    actif: bool
    identifiant: str
    finess: str = ""
    finess_ej: str = ""
    nom: str = ""
    enseigne: str = ""
    secteur: str = ""
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    telephone: str = ""
    bals: tuple[Bal, ...] = ()
    partiel: bool = False


@dataclass(frozen=True)
class Exercice:
    """`professionnel` and `structure`: references to resources of the same answer."""

    api: str
    actif: bool
    professionnel: str = ""
    structure: str = ""
    profession: str = ""
    savoir_faire: str = ""
    mode: str = ""
    telephone: str = ""
    bals: tuple[Bal, ...] = ()
    partiel: bool = False


Ressource = Professionnel | Structure | Exercice


def lire(brut: object) -> Ressource | None:
    """None for another kind of resource, or one without what names it."""
    if not isinstance(brut, dict):
        return None
    lecteurs = {
        "Practitioner": _professionnel,
        "Organization": _structure,
        "PractitionerRole": _exercice,
    }
    lecteur = lecteurs.get(_texte(brut, "resourceType"))
    return lecteur(brut) if lecteur and _texte(brut, "id") else None


def _professionnel(r: dict) -> Professionnel | None:
    numeros = _identifiants(r)
    rpps = numeros.get("RPPS", "")
    idnps = numeros.get("IDNPS") or (f"8{rpps}" if rpps else "")
    if not idnps:
        return None
    nom = next(_objets(r, "name"), {})
    codes = _codes_de_qualification(r)
    return Professionnel(
        **_communs(r),
        idnps=idnps,
        rpps=rpps if len(rpps) == 11 and rpps.isdigit() else "",
        civilite=_premier(nom, "suffix", 20) or _premier(nom, "prefix", 20),
        nom=_texte(nom, "family", 100),
        prenom=_premier(nom, "given", 100),
        profession=codes.get("G15", ""),
        savoir_faire=codes.get("R38", ""),
        bals=_bals(r),
    )


def _structure(r: dict) -> Structure | None:
    numeros = _identifiants(r)
    finess = numeros.get("FINEG", "")
    identifiant = numeros.get("IDNST") or (f"1{finess}" if finess else "")
    if not identifiant:
        return None
    lieu = next(_objets(r, "address"), {})
    return Structure(
        **_communs(r),
        identifiant=identifiant,
        finess=finess[:9],
        finess_ej=numeros.get("FINEJ", "")[:9],
        nom=_texte(r, "name", 250),
        enseigne=_premier(r, "alias", 250),
        secteur=_code(_objets(r, "type"), "R02")[:10],
        adresse=_premier(lieu, "line", 250),
        code_postal=_texte(lieu, "postalCode", 10),
        commune=_texte(lieu, "city", 100),
        telephone=_telephone(r),
        bals=_bals(r),
    )


def _exercice(r: dict) -> Exercice:
    codes = list(_objets(r, "code"))
    return Exercice(
        **_communs(r),
        professionnel=_reference(r, "practitioner"),
        structure=_reference(r, "organization"),
        profession=_code(iter(codes), "G15")[:10],
        savoir_faire=_code(_objets(r, "specialty"), "R38")[:20],
        mode=_code(iter(codes), "R23")[:10],
        telephone=_telephone(r),
        bals=_bals(r),
    )


def _communs(r: dict) -> dict[str, Any]:
    """Inactive resources carry only their identifiers; one asked by parts is tagged SUBSETTED."""
    meta = r.get("meta")
    etiquettes = _objets(meta, "tag") if isinstance(meta, dict) else iter(())
    return {
        "api": _texte(r, "id", 64),
        "actif": r.get("active") is not False,
        "partiel": any(_texte(e, "code") == "SUBSETTED" for e in etiquettes),
    }


# ------------------------------------------------------------------ parts


def _identifiants(r: dict) -> dict[str, str]:
    trouves: dict[str, str] = {}
    for identifiant in _objets(r, "identifier"):
        sorte = identifiant.get("type")
        valeur = _texte(identifiant, "value", 120)
        for codage in _objets(sorte, "coding") if isinstance(sorte, dict) else ():
            if valeur and (code := _texte(codage, "code", 10)):
                trouves.setdefault(code, valeur)
    return trouves


def _codes_de_qualification(r: dict) -> dict[str, str]:
    """{"G15": profession, "R38": speciality}, the first of each."""
    concepts = [q["code"] for q in _objets(r, "qualification") if isinstance(q.get("code"), dict)]
    return {liste: _code(iter(concepts), liste)[:20] for liste in ("G15", "R38")}


def _code(concepts: Iterator[dict], liste: str) -> str:
    """The first code of this list (TRE_R02…), whatever the address of its system."""
    for concept in concepts:
        for codage in _objets(concept, "coding"):
            if f"TRE_{liste}-" in _texte(codage, "system", 300):
                return _texte(codage, "code", 40)
    return ""


def _telephone(r: dict) -> str:
    for t in _objets(r, "telecom"):
        if _texte(t, "system") == "phone":
            return _texte(t, "value", 30)
    return ""


def _bals(r: dict) -> tuple[Bal, ...]:
    return tuple(b for t in _objets(r, "telecom") if (b := _bal(t)))


def _bal(telecom: dict) -> Bal | None:
    """An ordinary e-mail has no extension: no health data ever goes there."""
    extensions = list(_objets(telecom, "extension"))
    messagerie, fiche = _extension(extensions, EXT_MESSAGERIE), _extension(extensions, EXT_BAL)
    code = messagerie.get("valueCoding") if messagerie else None
    if not isinstance(code, dict) or _texte(code, "code") != "MSSANTE":
        return None
    adresse = _texte(telecom, "value", 254).lower()
    if _texte(telecom, "system") != "email" or adresse.count("@") != 1 or " " in adresse:
        return None
    details = {_texte(e, "url"): e for e in _objets(fiche or {}, "extension")}
    concept = details.get("type", {}).get("valueCodeableConcept")
    codage = next(_objets(concept, "coding"), {}) if isinstance(concept, dict) else {}
    sorte = _texte(codage, "code", 3)
    return Bal(
        adresse=adresse,
        type=sorte if sorte in TYPES_DE_BAL else "PER",
        service=_texte(details.get("service", {}), "valueString", 160),
        # Said in any way but a clear « no », it is on the list.
        liste_rouge=details.get("listeRouge", {}).get("valueBoolean", False) is not False,
    )


def _extension(extensions: list[dict], nom: str) -> dict | None:
    return next((e for e in extensions if _texte(e, "url", 300).endswith(f"/{nom}")), None)


def _reference(r: dict, nom: str) -> str:
    """« Practitioner/003-… » → « 003-… »."""
    valeur = r.get(nom)
    return _texte(valeur, "reference", 200).rpartition("/")[2] if isinstance(valeur, dict) else ""


def _objets(porteur: object, nom: str) -> Iterator[dict]:
    liste = porteur.get(nom) if isinstance(porteur, dict) else None
    for element in liste[:AU_PLUS] if isinstance(liste, list) else ():
        if isinstance(element, dict):
            yield element


def _premier(porteur: dict, nom: str, longueur: int) -> str:
    liste = porteur.get(nom)
    if not isinstance(liste, list):
        return ""
    mots = [m for m in liste[:AU_PLUS] if isinstance(m, str)]
    return _propre(mots[0], longueur) if mots else ""


def _texte(porteur: dict, nom: str, longueur: int = 100) -> str:
    valeur = porteur.get(nom)
    return _propre(valeur, longueur) if isinstance(valeur, str) else ""


def _propre(texte: str, longueur: int) -> str:
    lisible = "".join(
        c for c in texte[: 4 * longueur] if c >= " " and not "\ud800" <= c <= "\udfff"
    )
    return lisible.strip()[:longueur]
