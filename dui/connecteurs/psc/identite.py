"""What Pro Santé Connect says of a professional: a pure reader of its userinfo claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dui.connecteurs.psc.erreurs import JetonInvalide

AU_PLUS = 50  # exercices, or activities of one: far above what exists


@dataclass(frozen=True)
class Activite:
    """A place of practice; `finess` is empty for a private practice."""

    finess: str
    finess_juridique: str
    structure: str
    raison_sociale: str
    mode_exercice: str
    secteur: str


@dataclass(frozen=True)
class Exercice:
    profession: str
    categorie: str
    savoir_faire: str
    nom: str
    prenom: str
    activites: tuple[Activite, ...] = ()


@dataclass(frozen=True)
class Identite:
    sub: str
    identifiant_national: str
    nom: str
    prenom: str
    exercices: tuple[Exercice, ...] = ()


def lire(claims: dict[str, Any]) -> Identite:
    """Only `sub` and `SubjectNameID` are required: the rest varies with the professional."""
    sub, identifiant = _texte(claims, "sub", 255), _texte(claims, "SubjectNameID", 50)
    if not sub or not identifiant:
        raise JetonInvalide("identite")
    reference = claims.get("SubjectRefPro")
    exercices = _liste(reference.get("exercices") if isinstance(reference, dict) else None)
    return Identite(
        sub=sub,
        identifiant_national=identifiant,
        nom=_texte(claims, "family_name"),
        prenom=_texte(claims, "given_name"),
        exercices=tuple(map(_exercice, exercices)) or tuple(_roles(claims.get("SubjectRole"))),
    )


def _exercice(brut: dict[str, Any]) -> Exercice:
    return Exercice(
        profession=_texte(brut, "codeProfession", 10),
        categorie=_texte(brut, "codeCategorieProfessionnelle", 10),
        savoir_faire=_texte(brut, "codeSavoirFaire", 20),
        nom=_texte(brut, "nomDexercice"),
        prenom=_texte(brut, "prenomDexercice"),
        activites=tuple(map(_activite, _liste(brut.get("activities")))),
    )


def _activite(brut: dict[str, Any]) -> Activite:
    return Activite(
        finess=_texte(brut, "numeroFinessSite", 9),
        finess_juridique=_texte(brut, "numeroFinessetablissementJuridique", 9),
        structure=_texte(brut, "identifiantTechniqueDeLaStructure", 30),
        raison_sociale=_texte(brut, "raisonSocialeSite", 200),
        mode_exercice=_texte(brut, "codeModeExercice", 10),
        secteur=_texte(brut, "codeSecteurDactivite", 10),
    )


def _roles(roles: object) -> Iterable[Exercice]:
    """Without SubjectRefPro, the profession still stands in `10^1.2.250.1.213.1.1.5.5`."""
    for role in roles[:AU_PLUS] if isinstance(roles, list) else ():
        if isinstance(role, str) and (code := role.partition("^")[0][:10]):
            yield Exercice(code, "", "", "", "")


def _liste(valeur: object) -> list[dict[str, Any]]:
    lignes = valeur[:AU_PLUS] if isinstance(valeur, list) else []
    return [ligne for ligne in lignes if isinstance(ligne, dict)]


def _texte(brut: dict[str, Any], nom: str, longueur: int = 100) -> str:
    valeur = brut.get(nom)
    propre = valeur.replace("\0", "").strip() if isinstance(valeur, str) else ""
    return propre[:longueur]
